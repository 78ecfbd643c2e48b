/** How much of a service is in use. The gateway reports two figures; whether the first includes the second is documented nowhere. */
export interface ServiceUse {
  /** `currentlyAllocated`; 0 where the gateway shows none. */
  readonly inUse: number;
  /** `packsAllocated`: what service packs hand out; 0 where the gateway shows none. */
  readonly inPacks: number;
}

/** At least so many licences are in use: no maximum may go below. */
export function leastInUse({ inUse, inPacks }: ServiceUse): number {
  return Math.max(inUse, inPacks);
}

/** At most so many licences are in use. To suggest a size from: too many only cost money, too few cut off telephones. */
export function mostInUse({ inUse, inPacks }: ServiceUse): number {
  return inUse + inPacks;
}

/** The figure that counts, then the other one: `7 handed out by service packs (2 in use)`. Without packs, just `2 in use`. */
export function useInWords({ inUse, inPacks }: ServiceUse, inUseMeans: "allocated now" | "in use"): string {
  if (inPacks === 0) {
    return `${inUse} ${inUseMeans}`;
  }
  return inPacks > inUse
    ? `${inPacks} handed out by service packs (${inUse} ${inUseMeans})`
    : `${inUse} ${inUseMeans} (service packs hand out ${inPacks})`;
}
