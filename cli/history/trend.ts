const DAY_MS = 86_400_000;
/** On so many days a use must have been looked at before a trend means anything. */
const FEWEST_DAYS = 3;
/** A trend that needs longer than this says nothing. */
const HORIZON_DAYS = 365;

/** A use at a time, in milliseconds since the epoch. */
export interface UsePoint {
  readonly at: number;
  readonly inUse: number;
}

/** The highest use of each day (UTC), in the order of time: many looks on one day weigh no more than one. */
export function dailyHighs(points: readonly UsePoint[]): UsePoint[] {
  const highs = new Map<number, UsePoint>();
  for (const point of points) {
    const day = Math.floor(point.at / DAY_MS);
    const high = highs.get(day);
    if (high === undefined || point.inUse > high.inUse) {
      highs.set(day, point);
    }
  }
  return [...highs.values()].sort((a, b) => a.at - b.at);
}

/** When a rising use reaches a maximum. */
export interface Exhaustion {
  /** Licences more in use with each day. */
  readonly perDay: number;
  /** In milliseconds since the epoch. */
  readonly at: number;
}

/**
 * When use reaches `maximum`, by the straight line that fits the highs of the days best; `undefined` where there are fewer than three
 * days, use does not rise, it has reached the maximum already, or would not within a year.
 */
export function exhaustionOf(points: readonly UsePoint[], maximum: number): Exhaustion | undefined {
  const highs = dailyHighs(points);
  const [first] = highs;
  const last = highs.at(-1);
  if (first === undefined || last === undefined || highs.length < FEWEST_DAYS || last.inUse >= maximum) {
    return undefined;
  }
  const days = highs.map(({ at }) => (at - first.at) / DAY_MS);
  const meanDay = mean(days);
  const meanUse = mean(highs.map(({ inUse }) => inUse));
  const spread = days.reduce((sum, day) => sum + (day - meanDay) ** 2, 0);
  const perDay =
    highs.reduce((sum, { inUse }, index) => sum + ((days[index] ?? 0) - meanDay) * (inUse - meanUse), 0) / spread;
  if (!(perDay > 0) || last.inUse <= first.inUse) {
    return undefined;
  }
  const lastDay = days.at(-1) ?? 0;
  const day = Math.max(meanDay + (maximum - meanUse) / perDay, lastDay);
  return day - lastDay > HORIZON_DAYS ? undefined : { perDay, at: first.at + day * DAY_MS };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
