import { connect } from "node:net";

/** Watches whether the engine that asked for the work is still there. */
export interface EnginePresence {
  /**
   * To be awaited before each write: a plugin whose engine was killed lives on, and must not fight the next run.
   * @throws where the engine was there once and is gone.
   */
  assertThere(): Promise<void>;
}

/** The longest that a loopback connection may take, in milliseconds. */
const CONNECT_TIMEOUT_MS = 2000;

/**
 * The presence of the engine at `address`. An address that never answered is no engine but a harness: work goes on. Only a
 * refusal tells that it is gone; a slow answer does not.
 */
export function engineAt(address: string | undefined): EnginePresence {
  if (address === undefined) {
    return { assertThere: () => Promise.resolve() };
  }
  let reachedOnce = false;
  return {
    async assertThere() {
      const answer = await knock(address);
      if (answer === "open") {
        reachedOnce = true;
      } else if (answer === "refused" && reachedOnce) {
        throw new Error(
          "The Pulumi engine that asked for this is gone: nothing more is written. Run `pulumi up` again.",
        );
      }
    },
  };
}

function knock(address: string): Promise<"open" | "refused" | "slow"> {
  const { hostname, port } = new URL(`tcp://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) });
    const finish = (answer: "open" | "refused" | "slow"): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => {
      finish("slow");
    });
    socket.once("connect", () => {
      finish("open");
    });
    socket.once("error", () => {
      finish("refused");
    });
  });
}
