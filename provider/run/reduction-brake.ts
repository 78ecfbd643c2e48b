import type { Reduction } from "./license-resource";

/** The most lines that one message lists. */
const MOST_LISTED = 50;

/** The key of the stack's configuration that says how much one run may take away. */
const KEY = "voice-licenses:maxReductions";

/**
 * Counts what a run takes away from customers and tenants, over the whole stack, and refuses what goes beyond a limit: a slip in a
 * profile must not unlicense ten thousand tenants. What went through before stays done.
 */
export class ReductionBrake {
  /** The line of each reduction; the same one, planned and then made, or tried twice, counts once. */
  private readonly counted = new Map<string, string>();
  private hasListed = false;

  /**
   * @param limit How many reductions a run may make; `undefined` for any number.
   * @throws what `limit` throws, whenever the brake is asked.
   */
  public constructor(private readonly limit: () => number | undefined) {}

  /**
   * Counts what is about to be taken away from one object.
   * @param key The object, in a form that no other has.
   * @param name The object, as people know it.
   * @returns why it is refused, with a list of all that was counted so far, or `undefined` where it is not.
   */
  public refusal(key: string, name: string, reductions: readonly Reduction[]): string | undefined {
    const limit = this.limit();
    const own = reductions.map(({ property, change }) => `  ${name}: ${property} ${change}`);
    for (const [index, { property }] of reductions.entries()) {
      this.counted.set(`${key} ${property}`, own[index] ?? "");
    }
    if (limit === undefined || own.length === 0 || this.counted.size <= limit) {
      return undefined;
    }
    // The whole list once: ten thousand refusals with ten thousand lines each would help nobody.
    const listed = this.hasListed ? own : [...this.counted.values()];
    this.hasListed = true;
    return (
      `refused by ${KEY}: with this, the run takes away at least ${this.counted.size} licences, of ${limit} that it may. ` +
      `If all of it is meant, run \`pulumi config set ${KEY} <number>\` first.\n${shortened(listed).join("\n")}`
    );
  }
}

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST_LISTED
    ? lines
    : [...lines.slice(0, MOST_LISTED), `  … and ${lines.length - MOST_LISTED} more`];
}
