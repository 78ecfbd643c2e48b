import * as z from "zod";
import { refusedValue } from "../refused-value";
import type { Allocation } from "./allocation";

/** The largest maximum that is taken. */
const LARGEST_MAXIMUM = 2_147_483_647;

const FORM = "must be `unlimited` or a whole number (0 = not licensed)";
const maximum = z.number(FORM).int(FORM).min(0, FORM).max(LARGEST_MAXIMUM, `must be at most ${LARGEST_MAXIMUM}`);

/** An allocation in any of the accepted forms. */
export const allocationForm = z.union(
  [
    z.literal("unlimited"),
    maximum,
    z.strictObject({ unlimited: z.literal(true) }, FORM),
    z.strictObject({ unlimited: z.literal(false), maximum }, FORM),
  ],
  FORM,
);

/** The one normal form of an allocation in any accepted form, or why it is none, as a sentence. */
export function parseAllocation(value: unknown): { readonly allocation: Allocation } | { readonly problem: string } {
  const parsed = allocationForm.safeParse(value);
  if (!parsed.success) {
    return { problem: refusedValue(allocationForm, parsed.error.issues[0]?.message ?? FORM, value) };
  }
  const form = parsed.data;
  if (typeof form !== "object") {
    return { allocation: form };
  }
  return { allocation: form.unlimited ? "unlimited" : form.maximum };
}
