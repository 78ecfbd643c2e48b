import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What the user asked of Pulumi: to bring the stack to its program, or to take it down. */
export type EngineCommand = "up" | "destroy" | "other";

/** The Pulumi CLI that started this process, seen from its command line. */
export interface EngineProcess {
  /** Tells it from every other process of this machine, also from a later one with the same number. */
  readonly id: string;
  readonly pid: number;
  readonly command: EngineCommand;
  /** Whether `--target` or `--exclude` keeps a part of the program from the engine's plugins. */
  readonly isLimited: boolean;
}

interface SystemProcess {
  readonly parent: number;
  readonly started: string;
  readonly args: readonly string[];
}

/** How many processes may stand between a plugin and the CLI: a shell, a language host. */
const MOST_ANCESTORS = 8;

/** The CLI among the ancestors of this process; `undefined` where there is none, or this system does not show it. */
export function findEngineProcess(environment = process.env): EngineProcess | undefined {
  let pid = process.ppid;
  for (let step = 0; step < MOST_ANCESTORS && pid > 1; step += 1) {
    const found = process.platform === "linux" ? fromProc(pid) : fromPs(pid);
    if (found === undefined) {
      return undefined;
    }
    if (/(?:^|[\\/])pulumi(?:\.exe)?$/.test(found.args[0] ?? "")) {
      const id = `${pid}.${found.started}`.replace(/[^\w.]/g, "");
      return { id, pid, ...readCommandLine(found.args.slice(1), environment) };
    }
    pid = found.parent;
  }
  return undefined;
}

/** Flags before the command that take no value; of others the next argument is the value. */
const PLAIN_FLAGS = /^(?:--(?:non-interactive|emoji|logflow|logtostderr|disable-integrity-checking|help)|-e|-h)$/;
const COMMANDS: Readonly<Record<string, EngineCommand>> = {
  up: "up",
  update: "up",
  preview: "up",
  pre: "up",
  destroy: "destroy",
  down: "destroy",
  dn: "destroy",
  do: "destroy",
};
const LIMITING = /^(?:--(?:target|target-replace|exclude)(?:=|$)|-[a-z]*[tx])/;

/**
 * What a command line of the CLI asks for. A stack whose name is that of a command does not confuse it.
 * @param args Without the program's own name.
 */
export function readCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Pick<EngineProcess, "command" | "isLimited"> {
  let at = 0;
  while (at < args.length && args[at]?.startsWith("-") === true) {
    const flag = args[at] ?? "";
    at += flag.includes("=") || PLAIN_FLAGS.test(flag) ? 1 : 2;
  }
  const options = [...args.slice(0, at), ...args.slice(at + 1)];
  const fromEnvironment = ["PULUMI_OPTION_TARGET", "PULUMI_OPTION_EXCLUDE"].some(
    (name) => (environment[name] ?? "") !== "",
  );
  return {
    command: COMMANDS[args[at] ?? ""] ?? "other",
    isLimited: fromEnvironment || options.some((option) => LIMITING.test(option)),
  };
}

function fromProc(pid: number): SystemProcess | undefined {
  try {
    // The name in parentheses may hold anything, spaces and parentheses too.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
    return { parent: Number(fields[1]), started: fields[19] ?? "", args };
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): SystemProcess | undefined {
  const { status, stdout } = spawnSync("ps", ["-o", "ppid=,lstart=,args=", "-p", String(pid)], { encoding: "utf8" });
  // The time of the start is five words: Tue Dec  1 03:53:04 2026.
  const [, parent, started = "", args = ""] =
    /^\s*(\d+)\s+((?:\S+\s+){4}\S+)\s+(.*)$/.exec(status === 0 ? stdout : "") ?? [];
  return parent === undefined ? undefined : { parent: Number(parent), started, args: args.split(/\s+/) };
}
