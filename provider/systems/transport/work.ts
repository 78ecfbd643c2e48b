import { AsyncLocalStorage } from "node:async_hooks";

/** What the calls of one piece of work have in common. */
interface Work {
  readonly report: (line: string) => void;
  /** Its place in the queue of each host. */
  readonly places: Map<object, number>;
}

const works = new AsyncLocalStorage<Work>();

/**
 * Runs `work` as one piece: `report` gets a line whenever a call of it, however deep below, has failed and is tried again, and all its
 * calls keep one place in the queue of a host, so that what it sends rests on what it has just read. The clients between need not know.
 */
export function asOneWork<T>(report: (line: string) => void, work: () => T): T {
  return works.run({ report, places: new Map() }, work);
}

/** Reports a line to the listener of the work that is under way, if there is one. */
export function reportRetry(line: string): void {
  works.getStore()?.report(line);
}

/** The place in a queue that the work under way holds; a new one by `take` for its first call, and for calls of no work. */
export function placeIn(queue: object, take: () => number): number {
  const places = works.getStore()?.places;
  const place = places?.get(queue) ?? take();
  places?.set(queue, place);
  return place;
}
