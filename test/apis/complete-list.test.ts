import assert from "node:assert/strict";
import fc from "fast-check";
import { incompleteness, notAList } from "../../provider/apis/complete-list";

/** Headers and fields beside a list of ten rows. */
type Beside = readonly [headers: Readonly<Record<string, string>>, fields?: Readonly<Record<string, unknown>>];

describe("a list of ten rows", () => {
  const partial: readonly Beside[] = [
    [{ link: '<https://x/?page=2>; rel="next"' }],
    [{ link: "<https://x/?page=2>; rel=next" }],
    [{ link: '<https://x/?page=1>; rel="first prev", <https://x/?page=3>; rel="last next"' }],
    [{ link: '<https://x/?page=2>; title="more"; REL="NEXT"' }],
    [{ "x-total-count": "11" }],
    [{ "x-total": "250" }],
    [{ "x-total-records": "11" }],
    [{ "total-count": "11" }],
    [{ "x-pagination-total-count": "11" }],
    [{ "pagination-count": "11" }],
    [{ "x-total-pages": "2" }],
    [{ "x-page-count": "2" }],
    [{ "x-next-page": "2" }],
    [{ "x-has-more": "true" }],
    [{ "x-continuation-token": "abc" }],
    [{ "content-range": "items 0-9/11" }],
    [{ "content-range": "customers 0-9/250" }],
    [{ "x-pagination": '{"TotalCount":250,"PageSize":10}' }],
    [{ "x-pagination": '{"CurrentPage":1,"TotalPages":25}' }],
    [{ "x-pagination": '{"HasNext":true}' }],
    [{}, { total: 11 }],
    [{}, { Count: "11" }],
    [{}, { totalPages: 2 }],
    [{}, { next: "https://x/?page=2" }],
    [{}, { nextPageToken: "abc" }],
    [{}, { "@odata.nextLink": "https://x" }],
    [{}, { hasMore: true }],
    [{}, { pagination: { page: 1, total: 11 } }],
    [{}, { meta: { next: "/x?page=2" } }],
    [{}, { _links: { next: { href: "/x?page=2" } } }],
  ];
  for (const [headers, fields] of partial) {
    it(`is a part of more beside ${JSON.stringify(fields ?? headers)}`, () => {
      assert.match(incompleteness(10, headers, fields) ?? "complete", /^it (?:is one page of|has 10 of \d+ rows)/);
    });
  }

  const complete: readonly Beside[] = [
    [{}],
    [{ link: '<https://x/?page=1>; rel="first", </style.css>; rel=preload' }],
    [{ link: '<https://x/next>; rel="help"' }],
    [{ "x-total-count": "10" }],
    [{ "x-total-count": "" }],
    [{ "x-total-count": "many" }],
    [{ "x-total-pages": "1" }],
    [{ "x-next-page": "" }],
    [{ "x-has-more": "false" }],
    [{ "content-range": "items 0-9/10" }],
    [{ "content-range": "items 0-9/*" }],
    [{ "x-request-id": "250", "x-runtime": "11", "x-ratelimit-limit": "900", "content-length": "5000" }],
    [{ "x-pagination": '{"TotalCount":10,"TotalPages":1,"HasNext":false}' }],
    [{}, { total: 10, next: null, hasMore: false, totalPages: 1, tenants: [] }],
    [{}, { _internal_record_id: 900, resellers: 40 }],
    [{}, { pagination: { page: 1, total: 10, next: null }, _links: { self: { href: "/x" } }, counters: { total: 99 } }],
  ];
  for (const [headers, fields] of complete) {
    it(`is the whole beside ${JSON.stringify(fields ?? headers)}`, () => {
      assert.equal(incompleteness(10, headers, fields), undefined);
    });
  }

  it("can stand beside any header and field", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.string()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (headers, fields) => {
          const problem = incompleteness(10, headers, fields);
          assert.ok(problem === undefined || problem.startsWith("it "));
        },
      ),
    );
  });
});

describe("what stands in place of a list", () => {
  for (const [value, problem] of [
    [[], undefined],
    [{ currentPage: 1, totalPages: 3, data: [] }, "the body is page 1 of 3, and not the whole list"],
    [{ data: [] }, "the body is an object, and not a list"],
    ["none", "the body is not a list"],
    [null, "the body is not a list"],
    [undefined, "the body is not a list"],
  ] as const) {
    it(`is named: ${value === undefined ? "nothing" : JSON.stringify(value)}`, () => {
      assert.equal(notAList(value), problem);
    });
  }
});
