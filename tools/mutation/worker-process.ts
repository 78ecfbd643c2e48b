import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { Reply, type Request } from "./protocol";

/** A worker that did not answer: it took too long, or its process ended. */
export type NoReply = { readonly answer: "timedOut" } | { readonly answer: "ended" };

/** Loading the code of a test file takes seconds on a busy machine. */
const LOAD_TIMEOUT_MS = 60_000;

/** A process that runs tests. Random cases are the same in each run: a mutant must not survive by chance. */
export class WorkerProcess {
  private readonly child: ChildProcess;

  public constructor() {
    this.child = fork(path.join(__dirname, "worker.ts"), {
      execArgv: ["-r", "ts-node/register", "-r", "./test/support/extent.ts"],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      env: { ...process.env, NIGHTLY: undefined, VOICE_LICENSES_SEED: undefined },
    });
  }

  /** @param testsMs How long the tests take without a mutant, in milliseconds. */
  public ask(request: Request, testsMs = 0): Promise<Reply | NoReply> {
    return new Promise((resolve) => {
      const finish = (reply: Reply | NoReply): void => {
        clearTimeout(timer);
        this.child.off("message", onMessage).off("exit", onExit);
        resolve(reply);
      };
      const onMessage = (message: unknown): void => {
        finish(Reply.parse(message));
      };
      const onExit = (): void => {
        finish({ answer: "ended" });
      };
      const timer = setTimeout(
        () => {
          this.stop();
          finish({ answer: "timedOut" });
        },
        LOAD_TIMEOUT_MS + 5 * testsMs,
      );
      this.child.once("message", onMessage).once("exit", onExit);
      this.child.send(request, () => undefined);
    });
  }

  public stop(): void {
    this.child.kill("SIGKILL");
  }
}
