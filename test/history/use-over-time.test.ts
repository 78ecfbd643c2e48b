import assert from "node:assert/strict";
import { UseHistory, type UseOverTime } from "../../cli/history/use-over-time";
import { parseRecord, servicesOf, type UsageRecord } from "../../cli/history/usage-record";
import { historySections } from "../../cli/report/history-sections";
import { withContents } from "../../cli/report/markup";

type Tenants = Readonly<Record<string, Readonly<Record<string, readonly [number | "unlimited", number, number?]>>>>;

function look(day: number, tenants: Tenants, scope: UsageRecord["scope"] = "all"): UsageRecord {
  return {
    version: 1,
    at: `2026-11-${String(day).padStart(2, "0")}T06:00:00.000Z`,
    scope,
    customers: [],
    tenants: Object.entries(tenants).map(([id, services]) => ({
      id,
      groupServices: Object.entries(services).map(([name, [allocated, inUse, inPacks]]) =>
        inPacks === undefined ? [name, allocated, inUse] : [name, allocated, inUse, inPacks],
      ),
      userServices: [],
    })),
  };
}

function overTime(now: UsageRecord, ...earlier: readonly UsageRecord[]): UseOverTime {
  const history = new UseHistory(now);
  for (const record of earlier) {
    history.add(record);
  }
  return history.result();
}

const pageOf = (history: UseOverTime): string => withContents(historySections(history));

const uses = (points: readonly { readonly inUse: number }[]): number[] => points.map(({ inUse }) => inUse);

describe("use over time", () => {
  it("adds up each service and each tenant, by time, the most first", () => {
    const { looks, services, tenants } = overTime(
      look(3, { foo: { A: [10, 3], B: ["unlimited", 9] }, bar: { A: [5, 1] } }),
      look(2, { foo: { A: [10, 2], B: ["unlimited", 9] }, bar: { A: [5, 2] } }),
      look(1, { foo: { A: [10, 1] } }),
    );
    assert.equal(looks, 3);
    assert.deepEqual(
      services.map(({ service, points }) => [service, uses(points)]),
      [
        ["B", [9, 9]],
        ["A", [1, 4, 4]],
      ],
    );
    assert.deepEqual(
      tenants.map(({ tenantId, points }) => [tenantId, uses(points)]),
      [
        ["foo", [1, 11, 12]],
        ["bar", [2, 1]],
      ],
    );
  });

  it("leaves out looks at a part of the tenants, and tenants that this look leaves out", () => {
    const now = look(3, { foo: { A: [10, 3] }, bar: { A: [10, 3] } });
    const part = look(2, { foo: { A: [10, 2] } }, "named");
    const more = look(1, { foo: { A: [10, 1] }, bar: { A: [10, 1] }, gone: { A: [10, 7] } }, "named");
    const { looks, services } = overTime(now, part, more);
    assert.equal(looks, 2);
    assert.deepEqual(
      services.map(({ points }) => uses(points)),
      [[2, 6]],
    );
  });

  it("says when a service of a tenant will be exhausted, the first first, by the limit that it has now", () => {
    const day = (number: number, a: number, b: number): UsageRecord =>
      look(number, { foo: { A: [20, a], B: [5, b], C: ["unlimited", a], D: [a, a] } });
    const { forecasts } = overTime(day(3, 12, 3), day(1, 10, 1), day(2, 11, 2));
    assert.deepEqual(
      forecasts.map(({ service, exhaustedOn, perDay }) => [service, exhaustedOn, perDay]),
      [
        ["B", "2026-11-05", 1],
        ["A", "2026-11-11", 1],
      ],
    );
  });

  it("counts the larger of what is in use and what service packs hand out", () => {
    const day = (number: number, inUse: number, inPacks: number): UsageRecord =>
      look(number, { foo: { A: [10, inUse, inPacks], Full: [7, 0, 7] } });
    const { services, forecasts } = overTime(day(3, 2, 7), day(1, 5, 0), day(2, 1, 6));
    assert.deepEqual(
      services.map(({ service, points }) => [service, uses(points)]),
      [
        ["A", [5, 6, 7]],
        ["Full", [7, 7, 7]],
      ],
    );
    assert.deepEqual(
      forecasts.map(({ service, inUse, inPacks, exhaustedOn }) => [service, inUse, inPacks, exhaustedOn]),
      [["A", 2, 7, "2026-11-06"]],
    );
  });

  it("reads lines of before service packs were counted, and lines of now", () => {
    const line = (userServices: string): string =>
      `{"version":1,"at":"2026-11-01T06:00:00.000Z","scope":"all","customers":[],"tenants":[{"id":"foo","groupServices":[],"userServices":[${userServices}]}]}`;
    const figures = (text: string): unknown =>
      servicesOf(parseRecord(line(text))!).map(({ inUse, inPacks }) => [inUse, inPacks]);
    assert.deepEqual(figures('["A",10,5]'), [[5, 0]]);
    assert.deepEqual(figures('["A",10,0,7]'), [[0, 7]]);
    assert.equal(parseRecord(line('["A",10,0,-7]')), undefined);
  });

  it("is drawn as a line for each service and tenant, and no name becomes markup", () => {
    const page = pageOf(overTime(look(2, { "<b>": { "<i>&": [10, 5] } }), look(1, { "<b>": { "<i>&": [10, 0] } })));
    assert.deepEqual(
      Array.from(page.matchAll(/points="([^"]*)"/g), ([, points]) => points),
      ["0,95 1000,5", "0,95 1000,5"],
    );
    assert.match(page, /as read 2 times from 2026-11-01 to 2026-11-02/);
    assert.match(page, /0 → 5 \(0 to 5\)/);
    assert.doesNotMatch(page, /<b>|<i>/);
  });

  it("is a remark where there is one look alone", () => {
    const page = pageOf(overTime(look(2, { foo: { A: [10, 5] } })));
    assert.match(page, /no earlier figures/);
    assert.doesNotMatch(page, /<svg/);
  });

  it("is drawn with a few points, and without losing a peak, however long it is", () => {
    const records = Array.from({ length: 2000 }, (_, index): UsageRecord => ({
      ...look(1, { foo: { A: [10_000, index === 777 ? 5000 : 10] } }),
      at: new Date(Date.parse("2026-09-01T00:00:00Z") + index * 3_600_000).toISOString(),
    }));
    const [first, ...others] = records.reverse();
    const page = pageOf(overTime(first!, ...others));
    const points = /points="([^"]*)"/.exec(page)?.[1]?.split(" ") ?? [];
    assert.ok(points.length <= 200, String(points.length));
    assert.ok(points.some((point) => point.endsWith(",5")));
  });
});
