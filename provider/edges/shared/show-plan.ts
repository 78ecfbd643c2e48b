import type { LicenseResource } from "../../run/license-resource";
import { type Mistake, mistakeInAll } from "../../run/mistake";
import type { Properties } from "../../run/properties";
import type { ResourceRun } from "../../run/resource-run";
import { onRow } from "./on-row";

/**
 * Plans a resource, reading only: shows the calls to come on its row, or says why `up` would refuse them, whether the plan itself is
 * refused or the brake stops what the run takes away.
 */
export async function showPlan(
  resource: LicenseResource,
  inputs: Properties,
  state: Properties | undefined,
  run: ResourceRun,
): Promise<readonly Mistake[]> {
  const { refusals, lines, reductions } = await onRow(run, () => resource.preview(inputs, state, run));
  if (refusals.length > 0) {
    return refusals;
  }
  const reason = run.refusalOf(reductions);
  if (reason !== undefined) {
    return [mistakeInAll(reason)];
  }
  run.tellOnce(lines);
  await run.shown();
  return [];
}
