import * as http from "node:http";
import * as https from "node:https";
import { TLSSocket } from "node:tls";

/**
 * Watches how far one request gets. What decides is the connection, not the name of an error: until it stands, through TLS where TLS is
 * used, not a byte of the request can have left this machine.
 */
export class RequestWatch {
  /** Whether the request may have left this machine: a connection to its host stood. */
  public mayHaveLeft = false;

  /** Sends a request as Node does, and watches it; in the form in which axios takes it. */
  public readonly transport = {
    request: (
      options: https.RequestOptions,
      onResponse: (response: http.IncomingMessage) => void,
    ): http.ClientRequest => {
      const { request } = options.protocol === "https:" ? https : http;
      const watched = request(options, onResponse);
      watched.once("socket", (socket) => {
        const isTls = socket instanceof TLSSocket;
        // Finished is the last message of a handshake that this side sends.
        const isOpen = isTls ? socket.getFinished() !== undefined : !socket.connecting;
        if (watched.reusedSocket || isOpen) {
          this.mayHaveLeft = true;
          return;
        }
        socket.once(isTls ? "secureConnect" : "connect", () => {
          this.mayHaveLeft = true;
        });
      });
      return watched;
    },
  };
}
