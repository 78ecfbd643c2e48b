import type { Mutant } from "./mutants";

/** A mutant that no test can notice, by its function and its change, wherever these stand. It is not tried. */
interface Equivalent extends Pick<Mutant, "within" | "change"> {
  /** Why the code does the same with it. */
  readonly why: string;
}

const EQUIVALENTS: readonly Equivalent[] = [
  {
    within: "retryAfterOf",
    change: '[outcome.kind === "answered" → true]',
    why: "No other outcome has a retryAfterMs: the condition is for the compiler.",
  },
  {
    within: "parseRetryAfter.text",
    change: 'header?.trim()[ ?? "" → nothing]',
    why: "The word undefined is neither seconds nor a date.",
  },
  {
    within: "ReductionBrake.refusal",
    change: "[reductions.length === 0 → false]",
    why: "Nothing added to what has passed, which was within the limits, stays within them.",
  },
  {
    within: "excessOf",
    change: "[maxReductions !== undefined → true]",
    why: "No number is greater than undefined.",
  },
  {
    within: "excessOf",
    change: "[maxLicensesRemoved !== undefined → true]",
    why: "No number is greater than undefined.",
  },
];

/**
 * The mutants that a test can notice.
 * @param areAll Whether these are the mutants of all sources: then each entry of the list has to name one.
 * @throws where an entry names none: the code has changed.
 */
export function withoutEquivalents(mutants: readonly Mutant[], areAll: boolean): Mutant[] {
  const isNamedBy = (mutant: Mutant, entry: Equivalent): boolean =>
    mutant.within === entry.within && mutant.change === entry.change;
  const stale = EQUIVALENTS.filter((entry) => !mutants.some((mutant) => isNamedBy(mutant, entry)));
  if (areAll && stale.length > 0) {
    const lines = stale.map(({ within, change }) => `  ${within}: ${change}`);
    throw new Error(
      [`tools/mutation/equivalents.ts names ${stale.length} that are not there any more:`, ...lines].join("\n"),
    );
  }
  return mutants.filter((mutant) => !EQUIVALENTS.some((entry) => isNamedBy(mutant, entry)));
}
