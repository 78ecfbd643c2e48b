import { messageOf } from "../../provider/text/errors";

/**
 * Reads each of many, all at once: how many requests that makes at a time, the connection decides. The results are in the order of `items`.
 * @throws {Error} with a line for each that cannot be read, each line once.
 */
export async function readEach<T, R>(
  items: readonly T[],
  read: (item: T) => Promise<readonly R[]>,
  onRead: () => void,
): Promise<R[]> {
  const problems = new Set<string>();
  const results = await Promise.all(
    items.map(async (item) => {
      try {
        return await read(item);
      } catch (error) {
        problems.add(messageOf(error));
        return [];
      } finally {
        onRead();
      }
    }),
  );
  if (problems.size > 0) {
    throw new Error([...problems].join("\n"));
  }
  return results.flat();
}
