import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";

export interface Spawned {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  output(): string;
  /** Resolves as soon as the output holds a text. */
  printed(text: string): Promise<void>;
  /** Resolves with the exit code, or the signal's name, at the end. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts this Node on arguments, in a process group of its own. */
export function spawnNode(args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Spawned {
  const child = spawn(process.execPath, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      watchers.forEach((watcher) => {
        watcher();
      });
    });
  }
  const ended = once(child, "close").then(() => child.exitCode ?? child.signalCode ?? "SIGKILL");
  return {
    child,
    output: () => text,
    printed: (wanted) =>
      new Promise((resolve, reject) => {
        const watcher = (): void => {
          if (text.includes(wanted)) {
            watchers.delete(watcher);
            resolve();
          }
        };
        watchers.add(watcher);
        watcher();
        void ended.then(() => {
          reject(new Error(`ended without printing ${JSON.stringify(wanted)}:\n${text}`));
        });
      }),
    ended,
  };
}

/** Runs this Node on arguments to its end. */
export async function runNode(
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<{ code: number | NodeJS.Signals; output: string }> {
  const spawned = spawnNode(args, options);
  const code = await spawned.ended;
  return { code, output: spawned.output() };
}
