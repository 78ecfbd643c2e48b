import { randomUUID } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import * as path from "node:path";
import { messageOf } from "../text/errors";

/** Which run a process is part of, and where the processes of this machine meet. */
export interface MeetingPlace {
  /** The engine's address, the same for every process of one run; a preview and the update after it are two runs. */
  readonly engine: string;
  /** The CLI that runs the engine, which lives through both; `undefined` where it is not known. */
  readonly cli?: { readonly id: string; readonly pid: number } | undefined;
  /** @default a folder of this user below the temporary one */
  readonly folder?: string | undefined;
}

/** A line that another process left. */
export interface Notice {
  readonly text: string;
  /** Whether it is of an earlier run of the same CLI: of the preview before an update. */
  readonly isEarlier: boolean;
}

/**
 * Lines that the processes of one run leave for each other: the engine starts a plugin for each provider instance, and has no way for them
 * to talk. Each process appends to a file of its own, and reads what is new in the files of the others.
 */
export class RunBoard {
  private readonly folder: string;
  private readonly host = hostname();
  private readonly cli: string;
  private readonly run: string;
  private readonly own: string;
  /** How far each file of another process has been read, in bytes. */
  private readonly offsets = new Map<string, number>();
  private isReady = false;
  private problem: string | undefined;

  public constructor({ engine, cli, folder = folderOfUser() }: MeetingPlace) {
    this.folder = folder;
    this.cli = cli?.id ?? "";
    // Containers may share the folder, but no name.
    this.run = `${this.host}~${engine.split(":").at(-1) ?? ""}`;
    this.own = `${this.run}~${this.cli}~${cli?.pid ?? process.pid}~${randomUUID()}`;
  }

  /** Why what other processes left is not known, if it is not. */
  public get trouble(): string | undefined {
    return this.problem;
  }

  /** Leaves a line. */
  public write(text: string): void {
    this.attempt(() => {
      appendFileSync(path.join(this.folder, this.own), `${text}\n`, { mode: 0o600 });
    });
  }

  /** What other processes have left since the last call of this. */
  public news(): Notice[] {
    const found: Notice[] = [];
    this.attempt(() => {
      for (const name of readdirSync(this.folder)) {
        const [host, port, cli] = name.split("~");
        const isOfThisRun = `${host}~${port}` === this.run;
        const isEarlier = !isOfThisRun && host === this.host && cli !== "" && cli === this.cli;
        if (name !== this.own && (isOfThisRun || isEarlier) && (this.offsets.has(name) || isAlive(name))) {
          found.push(...this.newIn(name).map((text) => ({ text, isEarlier })));
        }
      }
    });
    return found;
  }

  private attempt(work: () => void): void {
    if (this.problem !== undefined) {
      return;
    }
    try {
      if (!this.isReady) {
        makePrivate(this.folder);
        this.removeOfTheDead();
        this.isReady = true;
      }
      work();
    } catch (error) {
      this.problem = messageOf(error);
    }
  }

  private newIn(name: string): string[] {
    const offset = this.offsets.get(name) ?? 0;
    const content = contentAfter(path.join(this.folder, name), offset);
    // A line that is being written is left for the next time.
    const whole = content.subarray(0, content.lastIndexOf("\n") + 1);
    this.offsets.set(name, offset + whole.byteLength);
    return whole.toString("utf8").split("\n").slice(0, -1);
  }

  /** Plugins are killed at the end of a run, so the next one tidies up. */
  private removeOfTheDead(): void {
    for (const name of readdirSync(this.folder)) {
      if (name.startsWith(`${this.host}~`) && !isAlive(name)) {
        rmSync(path.join(this.folder, name), { force: true });
      }
    }
  }
}

function folderOfUser(): string {
  return path.join(tmpdir(), `pulumi-voice-licenses-${process.getuid?.() ?? "user"}`);
}

/** @throws where somebody else could read or write what is in it. */
function makePrivate(folder: string): void {
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  const found = lstatSync(folder);
  const isOwn = process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o077) === 0);
  if (!found.isDirectory() || !isOwn) {
    throw new Error(`${folder} is not a directory of this user alone`);
  }
}

/** Whether the process to which a file belongs, the CLI where it is known, still runs. */
function isAlive(name: string): boolean {
  const pid = Number(name.split("~").at(-2));
  try {
    return Number.isInteger(pid) && pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

function contentAfter(file: string, offset: number): Buffer {
  if (!existsSync(file)) {
    // Its process has ended, and another one tidied up.
    return Buffer.alloc(0);
  }
  const opened = openSync(file, "r");
  try {
    const content = Buffer.alloc(Math.max(0, fstatSync(opened).size - offset));
    return content.subarray(0, readSync(opened, content, 0, content.byteLength, offset));
  } finally {
    closeSync(opened);
  }
}
