import { randomUUID } from "node:crypto";
import {
  appendFileSync,
  closeSync,
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
import { messageOf } from "../../errors";

/** Which run a process is part of, and where the processes of this machine meet. */
export interface MeetingPlace {
  /** The engine's address, the same for every plugin of one run. */
  readonly engine: string;
  /** Called once where the place cannot be used; nothing is then left or found any more. */
  readonly onTrouble: (message: string) => void;
  /** @default a folder of this user below the temporary one */
  readonly folder?: string | undefined;
  /** @default this process */
  readonly pid?: number;
}

/**
 * Texts that the plugin processes of one run leave for each other: the engine starts one for each provider instance, and has no way for
 * them to talk. Each process appends to a file of its own, and reads what is new in the files of the others.
 */
export class NoticeBoard {
  private readonly folder: string;
  private readonly run: string;
  private readonly own: string;
  /** How far each file of another process has been read, in bytes. */
  private readonly offsets = new Map<string, number>();
  private readonly onTrouble: (message: string) => void;
  private isReady = false;
  private isUsable = true;

  public constructor({ engine, onTrouble, folder = folderOfUser(), pid = process.pid }: MeetingPlace) {
    this.folder = folder;
    this.onTrouble = onTrouble;
    // Containers may share the folder, but no name.
    this.run = `${hostname()}-${engine.split(":").at(-1) ?? ""}`;
    this.own = `${this.run}.${pid}.${randomUUID()}`;
  }

  /** Leaves a text, in one line. */
  public write(text: string): void {
    this.attempt(() => {
      appendFileSync(path.join(this.folder, this.own), `${text}\n`, { mode: 0o600 });
    });
  }

  /** What other processes have left since the last call of this. */
  public news(): string[] {
    const found: string[] = [];
    this.attempt(() => {
      const names = readdirSync(this.folder).filter((name) => name.startsWith(`${this.run}.`) && name !== this.own);
      for (const name of names) {
        if (this.offsets.has(name) || isAlive(pidOf(name))) {
          found.push(...this.newIn(name));
        }
      }
    });
    return found;
  }

  /** Without this place a clash between instances is not found, which is no reason to stop a run. */
  private attempt(work: () => void): void {
    if (!this.isUsable) {
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
      this.isUsable = false;
      this.onTrouble(messageOf(error));
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
      if (name.startsWith(`${hostname()}-`) && !isAlive(pidOf(name))) {
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
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const isOwn = process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o077) === 0);
  if (!found.isDirectory() || !isOwn) {
    throw new Error(`${folder} is not a folder of this user alone.`);
  }
}

function pidOf(name: string): number {
  return Number(name.split(".").at(-2));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function contentAfter(file: string, offset: number): Buffer {
  const opened = openSync(file, "r");
  try {
    const content = Buffer.alloc(Math.max(0, fstatSync(opened).size - offset));
    return content.subarray(0, readSync(opened, content, 0, content.byteLength, offset));
  } finally {
    closeSync(opened);
  }
}
