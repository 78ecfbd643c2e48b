import { AsyncLocalStorage } from "node:async_hooks";

const reports = new AsyncLocalStorage<(line: string) => void>();

/**
 * Does `work`, and gives `report` a line whenever a call that it makes, however deep below, has failed and is tried again: what failed, and
 * until when it is tried. The clients between need not know of it.
 */
export function reportingRetries<T>(report: (line: string) => void, work: () => T): T {
  return reports.run(report, work);
}

/** Gives a line to whoever listens for the work that is under way. */
export function reportRetry(line: string): void {
  reports.getStore()?.(line);
}
