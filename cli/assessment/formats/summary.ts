import { counted } from "../../../provider/text/count";
import type { Assessment } from "../assessment";
import { drifted } from "./shown";

/** What a drift report comes to, in one sentence. */
export function driftSummary(assessment: Assessment): string {
  const { objects, unmanaged, errors, ignored } = assessment;
  const differing = drifted(assessment).length;
  if (objects.length === 0 && errors.length > 0) {
    return `Nothing could be compared: ${counted(errors.length, "object")} could not be read.`;
  }
  const looked = counted(objects.length, "object");
  const parts = [
    differing > 0
      ? `${differing} of ${looked} not as declared`
      : `${ignored.length > 0 ? objects.length : looked} as declared`,
    ...(ignored.length === 0 ? [] : [`${ignored.length} ignored`]),
    `${unmanaged.length} unmanaged`,
    ...unreadable(assessment),
  ];
  return `${parts.join(", ")}.`;
}

/** What a plan comes to, in one sentence. */
export function planSummary(assessment: Assessment): string {
  const { objects, errors } = assessment;
  if (objects.length === 0 && errors.length > 0) {
    return `Nothing could be planned: ${counted(errors.length, "object")} could not be read.`;
  }
  const refused = objects.filter(({ refusals }) => refusals.length > 0).length;
  const changing = objects.filter(({ calls, refusals }) => calls.length > 0 && refusals.length === 0).length;
  const parts = [
    changing > 0 ? `${counted(changing, "object")} to change` : "Nothing to call",
    ...(refused === 0 ? [] : [`${refused} refused`]),
    `${objects.length - changing - refused} as declared`,
    ...unreadable(assessment),
  ];
  return `${parts.join(", ")}.`;
}

function unreadable({ errors }: Assessment): string[] {
  return errors.length === 0 ? [] : [`${errors.length} could not be read`];
}
