import assert from "node:assert/strict";
import { incompleteness } from "../../provider/systems/shared/complete-list";
import type { ApiAnswer } from "../../provider/systems/transport/http-api";

function answered(given: Partial<ApiAnswer>): ApiAnswer {
  return {
    call: { method: "GET", path: "/tenants/", repetition: "repeatable", doing: "list the tenants" },
    status: 200,
    headers: {},
    text: "",
    json: { tenants: [] },
    cookies: [],
    kind: "answered",
    hostTime: 0,
    retryAfterMs: undefined,
    mayBeDone: false,
    ...given,
  };
}

const why = (given: Partial<ApiAnswer>): string | undefined => incompleteness(answered(given), { lists: ["tenants"] });

describe("a list proves an absence", () => {
  const harmless: readonly Readonly<Record<string, string>>[] = [
    {},
    { link: '</style.css>; rel=preload, <https://x/next>; rel="help"' },
    { "accept-ranges": "bytes", "content-length": "5000", "content-type": "application/json", etag: '"x"' },
    { "x-request-count": "900", "x-envoy-attempt-count": "1", "x-account-id": "7", "x-runtime": "11" },
    { "x-ratelimit-limit": "900", "x-ratelimit-remaining": "899", "retry-after": "1", age: "0", "cf-ipcountry": "BE" },
    { "x-powered-by": "Next.js", "x-nextjs-cache": "HIT", "strict-transport-security": "max-age=1", server: "x" },
  ];
  for (const headers of harmless) {
    it(`with the headers ${JSON.stringify(headers)}`, () => {
      assert.equal(why({ headers }), undefined);
    });
  }

  for (const json of [
    { tenants: [] },
    { tenants: [], _internal_record_id: 9 },
    { tenants: [], _record_internal_id: 9 },
  ]) {
    it(`in the form ${JSON.stringify(json)}`, () => {
      assert.equal(why({ json }), undefined);
    });
  }
});

describe("a list proves no absence", () => {
  for (const status of [201, 202, 203, 204, 206, 207, 226]) {
    it(`with the status ${status}`, () => {
      assert.equal(why({ status }), "only a 200 holds all there is");
    });
  }

  const paged: readonly (readonly [name: string, value: string])[] = [
    ["link", '<https://x/?page=2>; rel="next"'],
    ["link", "<https://x/?page=2>; rel=next"],
    ["link", '<https://x/?page=1>; rel="first prev", <https://x/?page=3>; rel="last next"'],
    ["link", '<https://x/?page=2>; title="more"; REL="NEXT"'],
    ["link", "</?page=1>; rel=last"],
    ["content-range", "items 0-0/*"],
    ["content-range", "customers 0-9/10"],
    ["range-unit", "items"],
    ["x-total", "1"],
    ["x-total-count", "1"],
    ["x-totalcount", "1"],
    ["total-records", "1"],
    ["x-record-count", "1"],
    ["x-count", "1"],
    ["x-page", "1"],
    ["x-per-page", "20"],
    ["x-page-size", "20"],
    ["x-total-pages", "1"],
    ["pagination-limit", "20"],
    ["x-pagination", "{}"],
    ["x-paging-next", "/x"],
    ["x-next", "/x"],
    ["x-next-page", ""],
    ["x-nextpage", ""],
    ["x-next-token", "abc"],
    ["x-has-next", "false"],
    ["x-has-more", "false"],
    ["x-cursor", "abc"],
    ["x-ms-continuation", "abc"],
    ["x-continuation-token", "abc"],
    ["x-offset", "0"],
    ["x-partial-result", "true"],
  ];
  for (const [name, value] of paged) {
    it(`with the header ${name}: ${value}`, () => {
      assert.equal(why({ headers: { server: "x", [name]: value } }), `it has the header ${name}`);
    });
  }

  for (const json of [{}, { tenants: null }, { tenants: {} }]) {
    it(`in the form ${JSON.stringify(json)}`, () => {
      assert.equal(why({ json }), "it has no list of tenants");
    });
  }

  for (const beside of [
    { errors: [] },
    { partial: false },
    { total: 1 },
    { next: null },
    { pagingControl: {} },
    { anything: 1 },
    { Tenants: [] },
    { _internal_record_ids: [] },
  ]) {
    it(`with ${JSON.stringify(beside)} beside its rows`, () => {
      assert.equal(
        why({ json: { tenants: [], ...beside } }),
        `it has keys that are not documented: ${Object.keys(beside).join()}`,
      );
    });
  }
});
