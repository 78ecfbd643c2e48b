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

/** What a connection says of the engine: another error is one of this machine, such as too many open files. */
type Answer = "open" | "refused" | "unknown";

const REFUSED = new Set(["ECONNREFUSED", "ECONNRESET"]);

/**
 * The presence of the engine at `address`, which is looked for at once: an engine that is killed before the first write was there all the
 * same. An address that never answered is no engine but a harness: work goes on.
 * @param knock Tries to connect.
 */
export function engineAt(
  address: string | undefined,
  knock: (address: string) => Promise<Answer> = tryToConnect,
): EnginePresence {
  if (address === undefined) {
    return { assertThere: () => Promise.resolve() };
  }
  let wasThere = false;
  const look = async (): Promise<Answer> => {
    const answer = await knock(address);
    wasThere ||= answer === "open";
    return answer;
  };
  const first = look();
  return {
    async assertThere() {
      await first;
      if ((await look()) === "refused" && wasThere) {
        throw new Error(
          "The Pulumi engine that asked for this is gone: nothing more is written. Run `pulumi up` again.",
        );
      }
    },
  };
}

function tryToConnect(address: string): Promise<Answer> {
  const { hostname, port } = new URL(`tcp://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) });
    const finish = (answer: Answer): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => {
      finish("unknown");
    });
    socket.once("connect", () => {
      finish("open");
    });
    socket.once("error", ({ code = "" }: NodeJS.ErrnoException) => {
      finish(REFUSED.has(code) ? "refused" : "unknown");
    });
  });
}
