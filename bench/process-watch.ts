import { readdirSync, readFileSync } from "node:fs";

/** What the processes of one command used, by their roles; nothing where the machine does not show it. */
export interface Usage {
  /** Seconds of processor time of the CLI, which holds the engine. */
  readonly engineCpu: number;
  /** The same of the plugin: the native one, or the host of dynamic providers. */
  readonly pluginCpu: number;
  /** The most memory that the plugin held, in MB. */
  readonly pluginMemory: number;
}

/** Linux counts processor time in these, whatever the kernel's own clock. */
const TICKS_PER_SECOND = 100;
const EVERY_MS = 100;

type Role = "engine" | "plugin" | "other";

/** The role of a process, from its command line. Launchers, which start a plugin, have none. */
export function roleOf(command: string): Role {
  if (/(?:dynamic-provider|dist\/plugin)\/index\.js /.test(command)) {
    return "plugin";
  }
  return /(^|\/)pulumi /.test(command) ? "engine" : "other";
}

/** Watches a process and all below it until `stop` is called. Reads /proc: elsewhere than on Linux it sees nothing. */
export function watchProcesses(root: number): { readonly stop: () => Usage } {
  const cpu = new Map<number, { role: Role; seconds: number }>();
  let pluginMemory = 0;
  const look = (): void => {
    for (const { pid, seconds, memory, role } of familyOf(root)) {
      // One that has just ended has no name any more.
      cpu.set(pid, { role: role === "other" ? (cpu.get(pid)?.role ?? role) : role, seconds });
      pluginMemory = role === "plugin" ? Math.max(pluginMemory, memory) : pluginMemory;
    }
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      const sum = (wanted: Role): number =>
        [...cpu.values()].reduce((total, { role, seconds }) => total + (role === wanted ? seconds : 0), 0);
      return { engineCpu: sum("engine"), pluginCpu: sum("plugin"), pluginMemory };
    },
  };
}

/** What the plugin among a process and all below it holds now, in MB. */
export function pluginMemoryNow(root: number): number {
  return familyOf(root).reduce((total, { role, memory }) => total + (role === "plugin" ? memory : 0), 0);
}

interface Member {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
  readonly memory: number;
  readonly role: Role;
}

function familyOf(root: number): Member[] {
  const all = new Map(everyone().map((member) => [member.pid, member]));
  const isBelow = (member: Member | undefined): boolean =>
    member !== undefined && (member.pid === root || isBelow(all.get(member.parent)));
  return [...all.values()].filter(isBelow);
}

function everyone(): Member[] {
  let names: string[];
  try {
    names = readdirSync("/proc");
  } catch {
    return [];
  }
  return names.filter((name) => /^\d+$/.test(name)).flatMap((name) => memberOf(Number(name)));
}

function memberOf(pid: number): Member[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name, in parentheses, may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return [
      {
        pid,
        parent: Number(fields[1]),
        seconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
        memory: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024,
        role: roleOf(command),
      },
    ];
  } catch {
    // It ended meanwhile.
    return [];
  }
}
