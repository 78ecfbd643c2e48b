import { messageOf } from "../../provider/text/errors";

/**
 * All results, once all are there.
 * @throws {Error} with the messages of all that failed, each once.
 */
export async function allOrThrow<T extends readonly unknown[]>(
  promises: readonly [...T],
): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  const results = await Promise.allSettled(promises);
  const failed = results.flatMap((one) => (one.status === "rejected" ? [messageOf(one.reason)] : []));
  if (failed.length > 0) {
    throw new Error([...new Set(failed)].join("\n"));
  }
  return Promise.all(promises);
}
