import { z } from "zod";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;

/** A length of time as text (`"500ms"`, `"5s"`, `"2m"`, `"1h"`), read into milliseconds. */
export const durationSchema = z.string().transform((text, context) => {
  const [, amount, unit] = PATTERN.exec(text) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit];
  if (amount === undefined || factor === undefined) {
    context.addIssue({
      code: "custom",
      message: `write a duration such as "500ms", "5s", "2m" or "1h", not "${text}"`,
    });
    return z.NEVER;
  }
  return Number(amount) * factor;
});
