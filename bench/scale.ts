/** How long one stack of a size takes, as measured. */
export interface Measured {
  readonly size: number;
  readonly seconds: number;
}

/** A fleet, and how it is divided. */
export interface Division {
  /** All its resources. */
  readonly resources: number;
  /** Resources in one stack. */
  readonly shard: number;
  /** Stacks that run at the same time, each on a machine of its own. */
  readonly jobs: number;
  /** What the API takes from all of them together. */
  readonly requestsPerSecond: number;
  readonly requestsEach: number;
}

/**
 * How long a whole fleet takes, in seconds: its stacks run in waves, and a wave takes as long as the engine needs for one stack, or as
 * the API needs for the requests of all, whichever is longer.
 */
export function fleetSeconds(division: Division, measured: readonly Measured[]): number {
  const { resources, shard, jobs, requestsPerSecond, requestsEach } = division;
  const stacks = Math.ceil(resources / shard);
  let seconds = 0;
  for (let left = stacks; left > 0; left -= jobs) {
    const together = Math.min(left, jobs);
    seconds += Math.max(stackSeconds(shard, measured), (together * shard * requestsEach) / requestsPerSecond);
  }
  return seconds;
}

/** The time of one stack of another size than was measured: a power law between the two sizes around it, or beyond the last two. */
export function stackSeconds(size: number, measured: readonly Measured[]): number {
  const sorted = [...measured].sort((a, b) => a.size - b.size);
  const next = sorted.findIndex((one) => one.size >= size);
  const above = Math.max(1, next === -1 ? sorted.length - 1 : next);
  const [low, high] = [sorted[above - 1], sorted[above]];
  if (low === undefined || high === undefined) {
    throw new Error("At least two sizes have to be measured.");
  }
  const exponent = Math.log(high.seconds / low.seconds) / Math.log(high.size / low.size);
  return low.seconds * (size / low.size) ** exponent;
}
