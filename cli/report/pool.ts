import { barChart } from "./bar-chart";
import type { CustomerUsage } from "./customer-usage";
import { counted, remark, type Section } from "./markup";

/** The operator's own pool of Live Platform licences, which no API shows. */
export interface Pool {
  readonly size: number;
  /** The sum of the licensed users of all customers. */
  readonly sold: number;
  /** Negative where more is sold than the pool holds. */
  readonly left: number;
}

export function poolOf(size: number, customers: readonly CustomerUsage[]): Pool {
  const sold = customers.reduce((sum, { licensedUsers }) => sum + (licensedUsers ?? 0), 0);
  return { size, sold, left: size - sold };
}

export function poolSection({ size, sold, left }: Pool): Section {
  const title = "Pool of Live Platform licences";
  const verdict =
    left < 0
      ? `${counted(-left, "licence")} more sold than the pool holds.`
      : `${counted(left, "licence")} left to sell.`;
  return {
    id: "pool",
    title,
    content: [
      remark(
        `${verdict} Sold are the licensed users of all customers; the size of the pool is the one given with --pool.`,
      ),
      barChart({ title, unit: "licences", whole: { part: "sold", whole: "pool" }, scale: "numbers" }, [
        { label: "sold", value: sold, of: size },
      ]),
    ],
  };
}
