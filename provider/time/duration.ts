/**
 * A length of time as people write it: a number, with at most three decimals, and a unit (`ms`, `s`, `m` or `h`). More than nothing,
 * and at most a day.
 *
 * @example "90s"
 * @example "30m"
 */
export type Duration = `${number}${"ms" | "s" | "m" | "h"}`;

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const FORM = /^(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|m|h)$/;

/** The longest duration that is taken: one day. A longer wait is a mistake in a unit. */
export const LONGEST_DURATION_MS = 24 * UNITS.h;

/** Milliseconds of a duration such as `"90s"` or `"30m"`, or `undefined` where the text is none, is zero, or is over a day. */
export function parseDuration(text: string): number | undefined {
  const match = FORM.exec(text.trim());
  const unit = match?.[2];
  if (match?.[1] === undefined || !isUnit(unit)) {
    return undefined;
  }
  const milliseconds = Math.round(Number(match[1]) * UNITS[unit]);
  return milliseconds > 0 && milliseconds <= LONGEST_DURATION_MS ? milliseconds : undefined;
}

/** A duration for people: `850 ms`, `42 s`, `3 min 5 s`, `2 h`. One since a time that is still to come, by a clock that was set, is `0 ms`. */
export function describeDuration(milliseconds: number): string {
  if (Math.round(milliseconds) < 1000) {
    return `${Math.max(0, Math.round(milliseconds))} ms`;
  }
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) {
    return twoUnits(seconds, "s", "min");
  }
  return twoUnits(Math.round(seconds / 60), "min", "h");
}

/** An amount of the smaller unit, sixty of which make the larger one. */
function twoUnits(amount: number, smaller: string, larger: string): string {
  const whole = Math.floor(amount / 60);
  const rest = amount % 60;
  const words = [...(whole === 0 ? [] : [`${whole} ${larger}`]), ...(rest === 0 ? [] : [`${rest} ${smaller}`])];
  return words.join(" ");
}

function isUnit(text: string | undefined): text is keyof typeof UNITS {
  return text !== undefined && text in UNITS;
}
