import type { Column } from "./table";
import { NEARLY_EXHAUSTED } from "./share";

/** The share in use, in every table by the same rule for what stands out. */
export const PERCENT_IN_USE: Column = {
  title: "In use, %",
  isNumber: true,
  isBad: (cell) => typeof cell === "number" && cell >= NEARLY_EXHAUSTED * 100,
};
