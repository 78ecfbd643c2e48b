import { appendFileSync, closeSync, createReadStream, fstatSync, openSync, readSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseRecord, type UsageRecord } from "./usage-record";

/** A line of a history that cannot be read. */
export interface BrokenLine {
  /** From 1. */
  readonly line: number;
}

/**
 * Reads a history line by line, so that its length does not matter, and hands each look to `onRecord`.
 * @returns the lines that are none of this version; they are skipped
 * @throws {Error} of the file system, also where there is no such file.
 */
export async function readHistory(file: string, onRecord: (record: UsageRecord) => void): Promise<BrokenLine[]> {
  const broken: BrokenLine[] = [];
  let line = 0;
  const input = createReadStream(file, "utf8");
  const failed = new Promise<never>((_, reject) => input.once("error", reject));
  const read = async (): Promise<void> => {
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      line += 1;
      const record = text.trim() === "" ? undefined : parseRecord(text);
      if (record !== undefined) {
        onRecord(record);
      } else if (text.trim() !== "") {
        broken.push({ line });
      }
    }
  };
  await Promise.race([read(), failed]);
  return broken;
}

/** Appends a look as one line; where the last line was cut short, it begins a new one. */
export function appendRecord(file: string, record: UsageRecord): void {
  const start = endsInALine(file) ? "" : "\n";
  appendFileSync(file, `${start}${JSON.stringify(record)}\n`);
}

function endsInALine(file: string): boolean {
  const handle = openSync(file, "a+");
  try {
    const { size } = fstatSync(handle);
    const last = Buffer.alloc(1);
    return size === 0 || (readSync(handle, last, 0, 1, size - 1) === 1 && last.toString() === "\n");
  } finally {
    closeSync(handle);
  }
}
