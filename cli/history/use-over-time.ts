import type { ServiceKind } from "../../provider/systems/gateway/service-kinds";
import { leastInUse, type ServiceUse } from "../../provider/tenant/allocation";
import { compareCodePoints } from "../../provider/text/code-points";
import { exhaustionOf, type UsePoint } from "./trend";
import { type RecordedService, servicesOf, type UsageRecord } from "./usage-record";

/** All tenants together, for one service. */
interface ServiceOverTime {
  readonly kind: ServiceKind;
  readonly service: string;
  readonly points: readonly UsePoint[];
}

/** All services of a tenant together. */
interface TenantOverTime {
  readonly tenantId: string;
  readonly points: readonly UsePoint[];
}

/** A service of a tenant whose use rises towards its maximum. */
export interface Forecast extends ServiceUse {
  readonly tenantId: string;
  readonly kind: ServiceKind;
  readonly service: string;
  readonly allocated: number;
  /** Licences more in use with each day. */
  readonly perDay: number;
  /** The day on which all are in use, ISO 8601. */
  readonly exhaustedOn: string;
}

/** How use has changed, by the looks of a history and this one. */
export interface UseOverTime {
  /** How many looks at all that this one looks at, this one counted. */
  readonly looks: number;
  /** By what is in use now, the most first. */
  readonly services: readonly ServiceOverTime[];
  readonly tenants: readonly TenantOverTime[];
  /** The first first. */
  readonly forecasts: readonly Forecast[];
}

/** Gathers looks one by one, in any order, so that a long history need not be held as a whole. */
export class UseHistory {
  private readonly names: ReadonlySet<string>;
  private readonly current: ReadonlyMap<string, RecordedService>;
  private readonly ofServices = new Map<string, UsePoint[]>();
  private readonly ofTenants = new Map<string, UsePoint[]>();
  private readonly rising = new Map<string, UsePoint[]>();
  private looks = 0;

  /** @param now the look to which all others are compared */
  public constructor(private readonly now: UsageRecord) {
    this.names = new Set(now.tenants.map(({ id }) => id));
    this.current = new Map(servicesOf(now).map((one) => [keyOf(one), one]));
    this.add(now);
  }

  public add(record: UsageRecord): void {
    const at = Date.parse(record.at);
    const services = servicesOf(record).filter(({ tenantId }) => this.names.has(tenantId));
    for (const one of services) {
      const allocated = this.current.get(keyOf(one))?.allocated;
      if (typeof allocated === "number") {
        push(this.rising, keyOf(one), { at, inUse: leastInUse(one) });
      }
    }
    if (this.isWhole(record)) {
      this.looks += 1;
      this.addTotals(this.ofServices, services, at, ({ kind, service }) => JSON.stringify([kind, service]));
      this.addTotals(this.ofTenants, services, at, ({ tenantId }) => tenantId);
    }
  }

  public result(): UseOverTime {
    const sorted = (points: readonly UsePoint[]): UsePoint[] => [...points].sort((a, b) => a.at - b.at);
    const mostFirst = <T extends { readonly points: readonly UsePoint[] }>(
      series: T[],
      name: (one: T) => string,
    ): T[] =>
      series.sort(
        (a, b) => (b.points.at(-1)?.inUse ?? 0) - (a.points.at(-1)?.inUse ?? 0) || compareCodePoints(name(a), name(b)),
      );
    const byKey = new Map([...this.current.values()].map((one) => [JSON.stringify([one.kind, one.service]), one]));
    return {
      looks: this.looks,
      services: mostFirst(
        [...byKey].map(([key, { kind, service }]) => ({
          kind,
          service,
          points: sorted(this.ofServices.get(key) ?? []),
        })),
        ({ service }) => service,
      ),
      tenants: mostFirst(
        this.now.tenants.flatMap(({ id }) => {
          const points = this.ofTenants.get(id);
          return points === undefined ? [] : [{ tenantId: id, points: sorted(points) }];
        }),
        ({ tenantId }) => tenantId,
      ),
      forecasts: this.forecasts(),
    };
  }

  /** A total is of all tenants that are looked at now: one of a part of them would look like a fall. */
  private isWhole(record: UsageRecord): boolean {
    const ids = new Set(record.tenants.map(({ id }) => id));
    return record === this.now || record.scope === "all" || [...this.names].every((id) => ids.has(id));
  }

  private addTotals(
    into: Map<string, UsePoint[]>,
    services: readonly RecordedService[],
    at: number,
    keyOfTotal: (one: RecordedService) => string,
  ): void {
    const totals = new Map<string, number>();
    for (const one of services) {
      const key = keyOfTotal(one);
      totals.set(key, (totals.get(key) ?? 0) + leastInUse(one));
    }
    for (const [key, inUse] of totals) {
      push(into, key, { at, inUse });
    }
  }

  private forecasts(): Forecast[] {
    return [...this.current.values()]
      .flatMap((one): Forecast[] => {
        const { tenantId, kind, service, allocated, inUse, inPacks } = one;
        if (typeof allocated !== "number" || leastInUse(one) >= allocated) {
          return [];
        }
        const exhaustion = exhaustionOf(this.rising.get(keyOf(one)) ?? [], allocated);
        return exhaustion === undefined
          ? []
          : [
              {
                tenantId,
                kind,
                service,
                allocated,
                inUse,
                inPacks,
                perDay: Math.round(exhaustion.perDay * 100) / 100,
                exhaustedOn: new Date(exhaustion.at).toISOString().slice(0, 10),
              },
            ];
      })
      .sort((a, b) => compareCodePoints(a.exhaustedOn, b.exhaustedOn) || compareCodePoints(a.tenantId, b.tenantId));
  }
}

function keyOf({ tenantId, kind, service }: RecordedService): string {
  return JSON.stringify([tenantId, kind, service]);
}

function push(into: Map<string, UsePoint[]>, key: string, point: UsePoint): void {
  const points = into.get(key);
  if (points === undefined) {
    into.set(key, [point]);
  } else {
    points.push(point);
  }
}
