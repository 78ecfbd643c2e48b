import { counted } from "../text/count";
import type { Reduction } from "./license-resource";

/** The most lines that one message lists. */
const MOST_LISTED = 50;

/** How much one run may take away; `undefined` for any amount. */
export interface ReductionLimits {
  /** How many reductions, whatever their size. */
  readonly maxReductions: number | undefined;
  /** How many licences. */
  readonly maxLicensesRemoved: number | undefined;
}

/** A run that may take away anything. */
export const NO_LIMITS: ReductionLimits = { maxReductions: undefined, maxLicensesRemoved: undefined };

/**
 * Counts what a run takes away from customers and tenants, over the whole stack, and refuses what goes beyond a limit: a slip in a
 * profile must not unlicense ten thousand tenants. What went through before stays done; what was refused takes up no room.
 */
export class ReductionBrake {
  private readonly passed = new Tally();
  /** What passed and what was refused: what the run would come to. */
  private readonly met = new Tally();
  private hasListed = false;

  /**
   * @param limits How much a run may take away.
   * @throws what `limits` throws, whenever the brake is asked.
   */
  public constructor(private readonly limits: () => ReductionLimits) {}

  /**
   * Counts what is about to be taken away from one object.
   * @param object The object, in a form that no other has.
   * @param name The object, as people know it.
   * @returns why it is refused, with a list of all that the run has come to so far, or `undefined` where it is not.
   */
  public refusal(object: string, name: string, reductions: readonly Reduction[]): string | undefined {
    const limits = this.limits();
    if (reductions.length === 0) {
      return undefined;
    }
    const own = new Map(
      reductions.map(({ property, change, units }) => [
        `${object} ${property}`,
        { line: `  ${name}: ${property} ${change}`, units },
      ]),
    );
    this.met.add(own);
    const excess = excessOf(limits, this.passed.with(own), this.met.total);
    if (excess === undefined) {
      this.passed.add(own);
      return undefined;
    }
    // The whole list once: ten thousand refusals with ten thousand lines each would help nobody.
    const listed = this.hasListed ? [...own.values()] : this.met.all;
    this.hasListed = true;
    const { key, limit, amount } = excess;
    return (
      `refused by ${key}: this run ${amount}; the limit is ${limit}. ` +
      `If all of it is intended, raise the limit: \`pulumi config set ${key} <number>\`, or in the provider instance that sets it.\n` +
      shortened(listed.map(({ line }) => line)).join("\n")
    );
  }
}

interface Counted {
  readonly line: string;
  readonly units: number;
}

interface Total {
  readonly count: number;
  readonly units: number;
}

/** Reductions, each once: the same one, planned and then made, or tried twice, counts once, by the most that it was. */
class Tally {
  private readonly byKey = new Map<string, Counted>();
  private units = 0;

  public get all(): readonly Counted[] {
    return [...this.byKey.values()];
  }

  public get total(): Total {
    return { count: this.byKey.size, units: this.units };
  }

  /** What it would come to with these. */
  public with(reductions: ReadonlyMap<string, Counted>): Total {
    let { count, units } = this.total;
    for (const [key, reduction] of reductions) {
      const before = this.byKey.get(key);
      count += before === undefined ? 1 : 0;
      units += Math.max(0, reduction.units - (before?.units ?? 0));
    }
    return { count, units };
  }

  public add(reductions: ReadonlyMap<string, Counted>): void {
    this.units = this.with(reductions).units;
    for (const [key, { line, units }] of reductions) {
      this.byKey.set(key, { line, units: Math.max(units, this.byKey.get(key)?.units ?? 0) });
    }
  }
}

interface Excess {
  readonly key: string;
  readonly limit: number;
  /** What the run comes to, in words. */
  readonly amount: string;
}

function excessOf(limits: ReductionLimits, reached: Total, met: Total): Excess | undefined {
  const { maxReductions, maxLicensesRemoved } = limits;
  if (maxReductions !== undefined && reached.count > maxReductions) {
    const amount = `makes at least ${counted(met.count, "reduction")}`;
    return { key: "voice-licenses:maxReductions", limit: maxReductions, amount };
  }
  if (maxLicensesRemoved !== undefined && reached.units > maxLicensesRemoved) {
    const amount = `removes at least ${counted(met.units, "licence")}`;
    return { key: "voice-licenses:maxLicensesRemoved", limit: maxLicensesRemoved, amount };
  }
  return undefined;
}

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= MOST_LISTED
    ? lines
    : [...lines.slice(0, MOST_LISTED), `  … and ${lines.length - MOST_LISTED} more`];
}
