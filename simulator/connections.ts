import type { Server, Socket } from "node:net";

/** The TCP connections of a server, to find the one below a TLS socket, which Node does not show. */
export class Connections {
  readonly #byRemotePort = new Map<number | undefined, Socket>();

  watch(server: Server): void {
    server.on("connection", (socket: Socket) => {
      const { remotePort } = socket;
      this.#byRemotePort.set(remotePort, socket);
      socket.once("close", () => {
        this.#byRemotePort.delete(remotePort);
      });
    });
  }

  /** The TCP connection that carries a socket; the socket itself where there is no TLS. */
  below(socket: Socket): Socket {
    return this.#byRemotePort.get(socket.remotePort) ?? socket;
  }
}
