import type { Allocation } from "../../provider/tenant/allocation";
import type { Column } from "./table";

/** From which share in use on a service counts as nearly exhausted. */
export const NEARLY_EXHAUSTED = 0.9;

/** How much of something is used, by the one figure that counts. */
export interface Used {
  readonly allocated: Allocation;
  readonly used: number;
}

/** The share of a maximum that is in use, which may be more than 1; 0 where there is no maximum. */
export function shareUsed({ allocated, used }: Used): number {
  return allocated === "unlimited" || allocated === 0 ? 0 : used / allocated;
}

/** The same in whole percent, rounded down, so that 100 is really all; `null` where there is no maximum. */
export function percentUsed({ allocated, used }: Used): number | null {
  return allocated === "unlimited" || allocated === 0 ? null : Math.floor((used * 100) / allocated);
}

/** The share in use, in every table by the same rule for what stands out. */
export const PERCENT_IN_USE: Column = {
  title: "In use, %",
  isNumber: true,
  isBad: (cell) => typeof cell === "number" && cell >= NEARLY_EXHAUSTED * 100,
};
