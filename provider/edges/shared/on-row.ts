import { asOneWork } from "../../apis/transport/work";
import type { ResourceRun } from "../../run/resource-run";

/** Shows on the resource's row which calls are tried again, and in the end how the work went. */
export async function onRow<T>(run: ResourceRun, work: () => Promise<T>): Promise<T> {
  const report = (line: string): void => {
    run.progress(line);
  };
  try {
    const result = await asOneWork(report, work);
    run.finish("done");
    return result;
  } catch (error) {
    run.finish("failed");
    throw error;
  } finally {
    await run.shown();
  }
}
