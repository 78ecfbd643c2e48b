import { appendRecord, readHistory } from "../history/history-file";
import { type UsageRecord, usesOf } from "../history/usage-record";
import { messageOf } from "../../provider/text/errors";
import type { ServiceUse } from "../../provider/tenant/allocation";
import { systemClock } from "../../provider/time/clock";
import { higher, type UseByKey, useKey } from "../rightsize/use";
import { noteLine } from "./output";
import { UserError } from "./user-error";
import { thereAlready } from "./whole-file";

const DAY_MS = 86_400_000;
/** How many broken lines are named. */
const MOST_NAMED = 5;

/** Before anything is read from the systems: a history that cannot be written should not cost a call for each object. */
export function refuseHistory(file: string): void {
  if (thereAlready("--history", file)?.isDirectory() === true) {
    throw new UserError(`--history ${file} is a directory: give the path of a file, such as usage.jsonl.`);
  }
}

/**
 * Every look of the last `days` days, in the order of the file; broken lines are skipped with a warning.
 * @throws {UserError} where it cannot be read.
 */
export async function eachOfHistory(
  file: string,
  days: number,
  onRecord: (record: UsageRecord) => void,
): Promise<number> {
  const since = systemClock.now() - days * DAY_MS;
  let count = 0;
  try {
    const broken = await readHistory(file, (record) => {
      if (Date.parse(record.at) >= since) {
        count += 1;
        onRecord(record);
      }
    });
    for (const { line } of broken.slice(0, MOST_NAMED)) {
      noteLine(`warning: ${file}:${line} is not a line of a usage history: skipped`);
    }
    if (broken.length > MOST_NAMED) {
      noteLine(`warning: ${file} has ${broken.length - MOST_NAMED} more such lines`);
    }
  } catch (error) {
    throw new UserError(
      `--history ${file} cannot be read (${messageOf(error)}): give a file that \`report --history\` or \`metrics --history\` has written.`,
    );
  }
  return count;
}

/** The highest use of the last `days` days. */
export async function highestOfHistory(file: string, days: number): Promise<UseByKey> {
  const highest = new Map<string, ServiceUse>();
  const count = await eachOfHistory(file, days, (record) => {
    for (const [id, service, use] of usesOf(record)) {
      const key = useKey(id, ...service);
      highest.set(key, higher(use, highest.get(key)));
    }
  });
  if (count === 0) {
    noteLine(`warning: ${file} has no line of the last ${days} days: the use is that of this moment`);
  }
  return highest;
}

/** @throws {UserError} where it cannot be written. */
export function appendToHistory(file: string, record: UsageRecord): void {
  try {
    appendRecord(file, record);
  } catch (error) {
    throw new UserError(
      `--history ${file} cannot be written (${messageOf(error)}): give the path of a file that can be.`,
    );
  }
}
