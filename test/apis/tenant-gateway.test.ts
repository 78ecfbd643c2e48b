import assert from "node:assert/strict";
import { apiPathOf } from "../../provider/systems/gateway/core-status";
import { wholeOf } from "../../provider/systems/shared/complete-list";
import { TenantGateway } from "../../provider/systems/gateway/client";
import type { CredentialSource } from "../../provider/systems/shared/credential-holder";
import { createRedactor } from "../../provider/systems/transport/redact";
import { Systems } from "../../provider/systems/systems";
import { vendorExample } from "../fixtures/vendor";
import { startForTests } from "../support/live-simulator";
import { authorized, renewing } from "./support/credentials";
import { apiErrorOf, connect } from "./support/http-apis";
import { answering, inTurn, serveForTests } from "./support/local-server";

const LICENSES = "/api/v1/tenants/foo/licenses/";

/** The change of the page's example. */
const CHANGE = {
  groupServices: [
    { name: "Hunt Group", allocated: { unlimited: true } },
    { name: "Call Pickup", allocated: { unlimited: false, maximum: 5 } },
  ],
  userServices: [
    { name: "Call Forwarding Always", allocated: { unlimited: true } },
    { name: "Call Forwarding Busy", allocated: { unlimited: false, maximum: 7 } },
    { name: "Anonymous Call Rejection", allocated: { unlimited: false, maximum: 0 } },
  ],
} as const;

function compact(name: string): string {
  return JSON.stringify(JSON.parse(vendorExample(name).text));
}

/** A session that is renewed when it is refused. */
function session(): CredentialSource {
  return renewing({ Cookie: "sessionid=s#; SERVERID=n1" }, true);
}

describe("tenant gateway", () => {
  const server = serveForTests();

  function gateway({ apiPath = "/api/v1", warnings = [] as string[] } = {}): TenantGateway {
    const http = connect(server.url, { name: "tenant gateway", baseUrlKey: "tenantGateway:baseUrl" });
    return new TenantGateway(authorized(http, session()), apiPath, (text) => warnings.push(text));
  }

  function sent(): string {
    const [received, ...others] = server.received;
    assert.ok(received !== undefined && others.length === 0, `${server.received.length} requests`);
    assert.equal(received.headers.cookie, "sessionid=s0; SERVERID=n1");
    assert.equal(received.headers["content-type"], received.body === "" ? undefined : "application/json");
    return `${received.method} ${received.path} ${received.body}`;
  }

  describe("GET", () => {
    it("is the page's example, body included, and so is what it reads", async () => {
      const { text, contentType = "" } = vendorExample("licenses-get-reply");
      server.script = answering(200, text, { "content-type": contentType });
      const licenses = await gateway().getLicenses("foo");
      assert.equal(sent(), `GET ${LICENSES} ${compact("licenses-get-request")}`);
      assert.deepEqual(licenses, {
        groupServices: [
          {
            name: "Account/Authorization Codes",
            allocated: { unlimited: true },
            currentlyAllocated: 2,
            packsAllocated: undefined,
          },
          {
            name: "Auto Attendant",
            allocated: { unlimited: false, maximum: 10 },
            currentlyAllocated: 10,
            packsAllocated: undefined,
          },
          {
            name: "Call Park",
            allocated: { unlimited: false, maximum: 0 },
            currentlyAllocated: undefined,
            packsAllocated: undefined,
          },
        ],
        userServices: [
          {
            name: "3G/4G Continuity",
            allocated: { unlimited: false, maximum: 0 },
            currentlyAllocated: undefined,
            packsAllocated: undefined,
          },
          { name: "Advice Of Charge", allocated: { unlimited: true }, currentlyAllocated: 17, packsAllocated: 7 },
        ],
        odd: [],
        servicePacks: [
          {
            name: "All_Services",
            maximumAllowed: { unlimited: false, maximum: 2 },
            allocated: { unlimited: false, maximum: 2 },
            currentlyAllocated: 0,
          },
        ],
      });
    });

    it("has the tenant's id encoded in its path", async () => {
      server.script = answering(404, "{}");
      await gateway().getLicenses("a/../b c?d#é");
      assert.equal(server.received[0]?.path, "/api/v1/tenants/a%2F..%2Fb%20c%3Fd%23%C3%A9/licenses/");
    });

    for (const [what, body, expected] of [
      ["one kind alone", '{"userServices":[]}', { groupServices: [], userServices: [] }],
      ["null for a list", '{"groupServices":null,"servicePacks":null}', { groupServices: [], userServices: [] }],
      [
        "keys in another case",
        '{"GroupServices":[{"Name":"A","Allocated":{"Unlimited":false,"Maximum":7},"CurrentlyAllocated":3,"PACKSALLOCATED":2}]}',
        {
          groupServices: [
            { name: "A", allocated: { unlimited: false, maximum: 7 }, currentlyAllocated: 3, packsAllocated: 2 },
          ],
          userServices: [],
        },
      ],
      [
        "a maximum beside unlimited",
        '{"groupServices":[{"name":"A","allocated":{"unlimited":true,"maximum":7},"currentlyAllocated":null}]}',
        {
          groupServices: [
            { name: "A", allocated: { unlimited: true }, currentlyAllocated: undefined, packsAllocated: undefined },
          ],
          userServices: [],
        },
      ],
      [
        "what service packs hand out of a service of either kind, null or absent where they hand out none",
        '{"groupServices":[{"name":"A","allocated":{"unlimited":true},"packsAllocated":4}],"userServices":[{"name":"B","allocated":{"unlimited":true},"currentlyAllocated":1,"packsAllocated":null}]}',
        {
          groupServices: [
            { name: "A", allocated: { unlimited: true }, currentlyAllocated: undefined, packsAllocated: 4 },
          ],
          userServices: [
            { name: "B", allocated: { unlimited: true }, currentlyAllocated: 1, packsAllocated: undefined },
          ],
        },
      ],
      [
        "fields that are not documented",
        '{"groupServices":[{"name":"A","allocated":{"unlimited":false,"maximum":7,"x":1},"y":2}],"z":3}',
        {
          groupServices: [
            {
              name: "A",
              allocated: { unlimited: false, maximum: 7 },
              currentlyAllocated: undefined,
              packsAllocated: undefined,
            },
          ],
          userServices: [],
        },
      ],
    ] as const) {
      it(`reads ${what}`, async () => {
        server.script = answering(200, body);
        const { gap, ...licenses } = (await gateway().getLicenses("foo"))!;
        assert.equal(
          typeof gap,
          body.includes('"groupServices":[') && body.includes('"userServices":[') ? "undefined" : "string",
        );
        assert.deepEqual(licenses, { odd: [], servicePacks: [], ...expected });
      });
    }

    const lists = '"groupServices":[],"userServices":[]';
    for (const [what, status, body, headers, problem] of [
      ["another status than 200", 207, `{${lists}}`, {}, "only a 200 holds all there is"],
      ["a header that speaks of pages", 200, `{${lists}}`, { "x-page": "1" }, "it has the header x-page"],
      ["other keys", 200, `{${lists},"total":0}`, {}, "it has keys that are not documented: total"],
      [
        "errors beside it",
        200,
        `{${lists},"errors":["Node 2 failed"]}`,
        {},
        "it has keys that are not documented: errors",
      ],
      ["no user services", 200, '{"groupServices":[]}', {}, "it has no list of userServices"],
      ["null for a list", 200, '{"groupServices":[],"userServices":null}', {}, "it has no list of userServices"],
    ] as const) {
      it(`is read with ${what}, and then has a gap`, async () => {
        server.script = answering(status, body, headers);
        const licenses = await gateway().getLicenses("foo");
        const said = body.includes("failed") ? ": Node 2 failed;" : ", but";
        assert.equal(
          licenses?.gap,
          `GET /api/v1/tenants/foo/licenses/ answered ${status}${said} the gateway's answer is not complete: ${problem}`,
        );
      });
    }

    it("is complete with Core's record id and service packs beside its lists", async () => {
      server.script = answering(200, `{${lists},"servicePacks":[],"_record_internal_id":9}`);
      assert.equal((await gateway().getLicenses("foo"))?.gap, undefined);
    });

    for (const [body, problem] of [
      [
        '{"errors":[{"message":"boo"}]}',
        /answered 200: boo; the body is not as documented: it lists no services\. Check/,
      ],
      ['{"Error":"boo","access_token":"t0ken"}', /answered 200: boo; the body is not as documented/],
      ['{"success":false,"reason":"boo"}', /answered 200: boo; the body is not as documented/],
    ] as const) {
      it(`cannot read ${body}, and says what the gateway says`, async () => {
        server.script = answering(200, body);
        const error = await apiErrorOf(gateway().getLicenses("foo"));
        assert.match(error.message, problem);
        assert.doesNotMatch(error.message, /t0ken/);
      });
    }

    for (const [body, problem] of [
      ["", /the body is empty/],
      ["<html>", /the body is an HTML page/],
      ["nonsense", /the body is no JSON/],
      ["{}", /not as documented: it lists no services/],
      ["[]", /not as documented/],
      ['{"error":null,"message":"hello"}', /answered 200, but the body is not as documented/],
      ['{"servicePacks":[]}', /it lists no services/],
      ['{"groupServices":{}}', /not as documented: groupServices: /],
    ] as const) {
      it(`cannot read ${body === "" ? "nothing" : body}`, async () => {
        server.script = answering(200, body);
        const error = await apiErrorOf(gateway().getLicenses("foo"));
        assert.match(error.message, problem);
        assert.match(
          error.message,
          /^Could not read the service licences of tenant foo: GET \/api\/v1\/tenants\/foo\/licenses\/ answered 200, but /,
        );
        assert.deepEqual([error.trouble, error.lost], ["unreadable", false]);
      });
    }

    const odd: readonly (readonly [fields: object, name: string, problem: RegExp])[] = [
      [{}, "A", /^allocated: /],
      [{ allocated: { unlimited: false } }, "A", /^allocated: /],
      [{ allocated: { unlimited: "true" } }, "A", /^allocated: /],
      [{ allocated: { unlimited: false, maximum: -1 } }, "A", /^allocated\.maximum: /],
      [{ allocated: { unlimited: false, maximum: "5" } }, "A", /^allocated: /],
      [{ allocated: { unlimited: false, maximum: 1.5 } }, "A", /^allocated: /],
      [{ allocated: { unlimited: true }, currentlyAllocated: -1 }, "A", /^currentlyAllocated: /],
      [{ allocated: { unlimited: true }, packsAllocated: -1 }, "A", /^packsAllocated: /],
      [{ allocated: { unlimited: true }, packsAllocated: "7" }, "A", /^packsAllocated: /],
      [{ name: "", allocated: { unlimited: true } }, "", /^name: /],
      [{ name: 7, allocated: { unlimited: true } }, "", /^name: /],
    ];
    for (const [fields, name, problem] of odd) {
      it(`leaves out ${JSON.stringify(fields)}, says so, and reads the others`, async () => {
        const good = { name: "B", allocated: { unlimited: true } };
        server.script = answering(200, JSON.stringify({ groupServices: [{ name: "A", ...fields }, good] }));
        const warnings: string[] = [];
        const read = await gateway({ warnings }).getLicenses("foo");
        assert.deepEqual(
          read?.groupServices.map((one) => one.name),
          ["B"],
        );
        assert.deepEqual(
          read.odd.map((one) => [one.kind, one.name]),
          [["groupServices", name]],
        );
        assert.match(read.odd[0]?.problem ?? "", problem);
        assert.equal(warnings.length, 1);
        assert.match(
          warnings[0] ?? "",
          /^Tenant foo: 1 service of the gateway's list cannot be read and is left out: (?:A|a row without a name) \(/,
        );
      });
    }

    it("names three of many odd rows in its one warning", async () => {
      const rows = Array.from({ length: 5 }, (_, index) => ({ name: `S${index}` }));
      server.script = answering(200, JSON.stringify({ userServices: [...rows, null, "x"] }));
      const warnings: string[] = [];
      const read = await gateway({ warnings }).getLicenses("foo");
      assert.equal(read?.odd.length, 7);
      assert.equal(warnings.length, 1);
      assert.match(warnings[0] ?? "", /7 services .* are left out: S0 \(.*\), S1 \(.*\), S2 \(.*\), and 4 more\.$/);
    });

    it("does not find a tenant where anything answers 404: whether there is one, the list tells", async () => {
      for (const body of [
        '{"details":"Tenant \'foo\' not found"}',
        '{"message":"no Route matched with those values"}',
        '{"detail":"Not found."}',
        '"Not Found"',
        "[]",
        "<html>Not Found</html>",
        "",
        "not found",
        "404",
      ]) {
        server.received.length = 0;
        server.script = answering(404, body);
        assert.equal(await gateway().getLicenses("foo"), undefined);
        assert.equal(server.received.length, 1);
      }
    });

    it("does not find a tenant that is gone where a GET with a body is refused on the way, before another was read and after", async () => {
      server.script = (received, response, number) => {
        const status = received.body !== "" ? 405 : received.path.includes("/gone/") ? 404 : 200;
        answering(status, status === 200 ? '{"groupServices":[]}' : "{}")(received, response, number);
      };
      const api = gateway();
      assert.equal(await api.getLicenses("gone"), undefined);
      assert.deepEqual((await api.getLicenses("foo"))?.groupServices, []);
      assert.equal(await api.getLicenses("gone"), undefined);
      assert.equal(server.received.length, 5);
    });

    for (const status of [400, 403, 406, 410, 416, 422, 500]) {
      it(`answered ${status} tells in the gateway's words, whatever the query form is answered`, async () => {
        server.script = answering(status, '[{"code":4008,"message":"No such thing"}]');
        const error = await apiErrorOf(gateway().getLicenses("foo"));
        assert.match(error.message, new RegExp(`answered ${status}: No such thing; code: 4008\\. `));
        assert.equal(server.received.length, [410, 500].includes(status) ? 1 : 2);
      });
    }

    it("is below the setting apiPath", async () => {
      server.script = answering(200, '{"groupServices":[]}');
      await gateway({ apiPath: "/api/v01/p1" }).getLicenses("foo");
      assert.equal(server.received[0]?.path, "/api/v01/p1/tenants/foo/licenses/");
    });

    for (const [status, body] of [
      [403, "<html>Forbidden</html>"],
      [400, "Bad Request"],
      [405, ""],
      [411, ""],
      [413, "<html>"],
      [416, '{"errors":[{"code":3,"message":"empty"}]}'],
      [501, ""],
      [200, "<!doctype html>"],
    ] as const) {
      it(`is asked once more without its body after ${status} ${body}, and from then on at once`, async () => {
        server.script = (received, response, number) => {
          const refused = received.body !== "";
          answering(refused ? status : 200, refused ? body : '{"groupServices":[]}')(received, response, number);
        };
        const api = gateway();
        assert.deepEqual((await api.getLicenses("foo"))?.groupServices, []);
        await api.getLicenses("bar");
        assert.deepEqual(
          server.received.map(({ path, body: sentBody }) => [path, sentBody === ""]),
          [
            [LICENSES, false],
            [`${LICENSES}?includeServicePacks=true`, true],
            ["/api/v1/tenants/bar/licenses/?includeServicePacks=true", true],
          ],
        );
      });
    }

    describe("of many tenants at once", () => {
      const tenants = Array.from({ length: 60 }, (_, index) => `t${index}`);
      const fine = '{"groupServices":[],"userServices":[]}';

      it("is sent once for each where a GET with a body is refused, but for the first, and with one session", async () => {
        for (const status of [403, 400, 501]) {
          server.received.length = 0;
          server.script = (received, response, number) => {
            answering(received.body === "" ? 200 : status, received.body === "" ? fine : "")(
              received,
              response,
              number,
            );
          };
          const api = gateway();
          const licenses = await Promise.all(tenants.map((tenant) => api.getLicenses(tenant)));
          assert.ok(licenses.every((one) => one !== undefined));
          assert.equal(server.received.length, 61);
          assert.deepEqual(
            [...new Set(server.received.map(({ headers }) => headers.cookie))],
            ["sessionid=s0; SERVERID=n1"],
            "no new session",
          );
        }
      });

      it("is sent once for each where it is taken, and many at a time once that is known", async () => {
        let [inFlight, most] = [0, 0];
        server.script = (received, response, number) => {
          inFlight += 1;
          most = Math.max(most, inFlight);
          setTimeout(() => {
            inFlight -= 1;
            answering(200, fine)(received, response, number);
          }, 1);
        };
        const api = gateway();
        await Promise.all(tenants.map((tenant) => api.getLicenses(tenant)));
        assert.equal(server.received.length, 60);
        assert.ok(most > 4, `${most} at a time`);
      });

      it("is learnt by the next read where the first one's answer says nothing of it", async () => {
        server.script = (received, response, number) => {
          const isBodyRefused = received.body !== "";
          const status = received.path.includes("/t0/") ? 404 : isBodyRefused ? 405 : 200;
          answering(status, status === 200 ? fine : "{}")(received, response, number);
        };
        const api = gateway();
        const licenses = await Promise.all(tenants.map((tenant) => api.getLicenses(tenant)));
        assert.deepEqual(licenses.map((one) => one === undefined).indexOf(false), 1);
        assert.equal(server.received.length, 61);
      });

      it("is learnt by the next read where the first one is cancelled, and ends at once for one that is cancelled while it waits", async () => {
        const [first, third] = [new AbortController(), new AbortController()];
        const stop = new Error("Ctrl-C");
        server.script = (received, response, number) => {
          if (number === 1) {
            third.abort(stop);
            setTimeout(() => {
              first.abort(stop);
            }, 5);
            return;
          }
          answering(received.body === "" ? 200 : 405, fine)(received, response, number);
        };
        const api = gateway();
        const [one, two, three, four] = await Promise.allSettled([
          api.getLicenses("a", first.signal),
          api.getLicenses("b"),
          api.getLicenses("c", third.signal),
          api.getLicenses("d"),
        ]);
        assert.deepEqual(
          [one, three],
          [1, 2].map(() => ({ status: "rejected", reason: stop })),
        );
        assert.deepEqual([two.status, four.status], ["fulfilled", "fulfilled"]);
        assert.equal(server.received.length, 1 + 2 + 1);
      });

      it("is not learnt by one read after the other where the gateway is in trouble", async () => {
        const held: (() => void)[] = [];
        server.script = (received, response, number) => {
          const answer = (): void => {
            answering(502, "")(received, response, number);
          };
          if (held.push(answer) === 3 || received.path.includes("/a/")) {
            held.splice(0).forEach((one) => {
              one();
            });
          }
        };
        const http = connect(server.url, { maxRetries: 0 });
        const api = new TenantGateway(authorized(http, session()), "/api/v1");
        // The last three are answered when all of them have come.
        await Promise.allSettled(["a", "b", "c", "d"].map((tenant) => api.getLicenses(tenant)));
        assert.equal(server.received.length, 4);
      });
    });

    it("that is answered 403 when the session has ended is sent again with its body and a new session", async () => {
      server.script = (received, response, number) => {
        const isEnded = number > 1 && received.headers.cookie?.startsWith("sessionid=s0") === true;
        answering(isEnded ? 403 : 200, isEnded ? "{}" : '{"groupServices":[]}')(received, response, number);
      };
      const api = gateway();
      await Promise.all(["a", "b", "c"].map((tenant) => api.getLicenses(tenant)));
      await api.getLicenses("d");
      assert.equal(server.received.at(-1)?.headers.cookie, "sessionid=s1; SERVERID=n1");
      assert.ok(server.received.every(({ body }) => body !== ""));
    });

    it("that is forbidden in either form is asked once for the tenants that follow", async () => {
      server.script = answering(403, '{"errors":[{"message":"Forbidden"}]}');
      const api = gateway();
      for (const tenant of ["a", "b", "c"]) {
        await apiErrorOf(api.getLicenses(tenant));
      }
      assert.equal(server.received.length, 4);
    });
  });

  describe("PUT", () => {
    it("is the page's example, byte for byte, and gives what its reply says of each service", async () => {
      server.script = answering(200, vendorExample("licenses-put-reply").text);
      const results = await gateway().putLicenses("foo", CHANGE);
      assert.equal(sent(), `PUT ${LICENSES} ${compact("licenses-put-request")}`);
      assert.deepEqual(results, [
        { kind: "groupServices", name: "Hunt Group", status: "updated" },
        { kind: "groupServices", name: "Call Pickup", status: "updated" },
        { kind: "userServices", name: "Call Forwarding Always", status: "updated" },
        { kind: "userServices", name: "Call Forwarding Busy", status: "updated" },
        { kind: "userServices", name: "Anonymous Call Rejection", status: "updated" },
      ]);
    });

    it("holds just the kinds that it is given", async () => {
      server.script = answering(200, "{}");
      assert.deepEqual(await gateway().putLicenses("foo", { userServices: [] }), []);
      assert.equal(sent(), `PUT ${LICENSES} {"userServices":[]}`);
    });

    for (const status of [200, 201, 207]) {
      it(`gives every status of ${status} as it is`, async () => {
        const statuses = ["updated", "failed", "", 5, null, { code: 3 }, undefined];
        const group = statuses.map((value, index) => ({ name: `S${index}`, status: value, details: "x" }));
        server.script = answering(status, JSON.stringify({ groupServices: group }));
        const results = await gateway().putLicenses("foo", CHANGE);
        assert.deepEqual(
          results.map((result) => result.status),
          ["updated", "failed", "", "5", "null", '{"code":3}', "null"],
        );
      });
    }

    for (const body of [
      "<html>",
      "{",
      "[]",
      '"Updated"',
      '"OK"',
      "OK",
      '{"error":"locked"}',
      '{"success":false}',
      '{"groupServices":{}}',
      '{"groupServices":[{"status":"updated"}]}',
      '{"userServices":[7]}',
    ]) {
      it(`may or may not have been done where ${body} is answered`, async () => {
        server.script = answering(200, body);
        const error = await apiErrorOf(gateway().putLicenses("foo", CHANGE));
        assert.deepEqual([error.trouble, error.lost], ["unreadable", true]);
        assert.match(error.message, /^Could not update the service licences of tenant foo: PUT /);
      });
    }

    for (const [status, body] of [
      [200, ""],
      [204, ""],
      [200, "1"],
      [200, "{}"],
    ] as const) {
      it(`says of no service what was done where ${status} ${body === "" ? "without a body" : body} is answered`, async () => {
        server.script = answering(status, body);
        assert.deepEqual(await gateway().putLicenses("foo", CHANGE), []);
      });
    }

    it("gives what 207 and 400 say of each service, under the names that were sent", async () => {
      for (const status of [200, 207, 400]) {
        server.script = answering(
          status,
          JSON.stringify({
            GroupServices: [
              { name: "HUNT GROUP", status: "Updated" },
              { Name: "Call  Pickup", Status: "failed", error: { summary: "locked" } },
              { name: "Other", status: "failed", details: ["a", "b"] },
            ],
          }),
        );
        assert.deepEqual(await gateway().putLicenses("foo", CHANGE), [
          { kind: "groupServices", name: "Hunt Group", status: "Updated" },
          { kind: "groupServices", name: "Call Pickup", status: "failed", said: "locked" },
          { kind: "groupServices", name: "Other", status: "failed", said: "a; b" },
        ]);
      }
    });

    for (const [status, body, said] of [
      [400, '{"details":["maximum is mandatory","unknown service"]}', "maximum is mandatory; unknown service"],
      [403, '{"message":"Forbidden"}', "Forbidden"],
      [404, '{"details":"Tenant not found"}', "Tenant not found"],
      [416, '{"errors":[{"code":12,"message":"empty"}]}', "empty; code: 12"],
      [422, "plain words", "plain words"],
      [500, "Internal Server Error", "Internal Server Error"],
    ] as const) {
      it(`answered ${status} tells in the gateway's words, and was not done`, async () => {
        server.script = answering(status, body);
        const error = await apiErrorOf(gateway().putLicenses("foo", CHANGE));
        assert.ok(error.message.includes(`answered ${status}: ${said}. `), error.message);
        assert.deepEqual([error.status, error.lost, server.received.length], [status, false, 1]);
      });
    }
  });

  describe("list of tenants", () => {
    const foo = { tenantId: "foo", name: "Foo", type: "ServiceProvider", resellerId: "r1" };

    it("is read whole, with keys in either case", async () => {
      const tenants = [foo, { TenantId: "bar", Type: 7 }, { tenantId: "baz", name: null }];
      server.script = answering(200, JSON.stringify({ tenants, _internal_record_id: 9 }));
      assert.deepEqual(await gateway().listTenants(), {
        rows: [
          foo,
          { tenantId: "bar", name: null, type: null, resellerId: null },
          { tenantId: "baz", name: null, type: null, resellerId: null },
        ],
        unreadable: [],
      });
      assert.equal(sent().trim(), "GET /api/v1/tenants/");
      server.script = answering(200, '{"tenants":[]}');
      assert.deepEqual(await gateway().listTenants(), { rows: [], unreadable: [] });
    });

    it("is read without the rows that cannot be, and says what is wrong with them", async () => {
      server.script = answering(200, JSON.stringify({ tenants: [foo, { name: "x" }, 7] }));
      assert.deepEqual(await gateway().listTenants(), {
        rows: [foo],
        unreadable: ["tenantId: missing", "expected object, received number"],
      });
    });

    const list = JSON.stringify({ tenants: [foo] });
    for (const [what, status, body, headers, problem] of [
      ["a link to another page", 200, list, { link: "</x>; rel=next" }, "it has the header link"],
      ["a header that counts rows", 200, list, { "x-total-count": "1" }, "it has the header x-total-count"],
      ["another status than 200", 206, list, {}, "only a 200 holds all there is"],
      ["other keys", 200, '{"Tenants":[],"total":0}', {}, "it has keys that are not documented: Tenants, total"],
    ] as const) {
      it(`is read with ${what}, and then has a gap`, async () => {
        server.script = answering(status, body, headers);
        const { gap } = await gateway().listTenants();
        assert.match(
          gap?.message ?? "",
          new RegExp(
            `^Could not list the tenants: GET /api/v1/tenants/ answered ${status}, but the list of tenants is not complete: ${problem}\\.`,
          ),
        );
      });
    }

    for (const [what, status, body, problem] of [
      ["is refused", 403, '{"errors":[{"message":"Forbidden"}]}', /answered 403: Forbidden/],
      ["is not found", 404, "{}", /answered 404/],
      ["is empty text", 200, "", /the body is empty/],
      ["is a page", 200, "<html>", /the body is an HTML page/],
      ["is an array", 200, JSON.stringify([foo]), /not as documented: expected object, received array/],
      ["is an object without tenants", 200, '{"data":[]}', /not as documented: tenants: missing/],
      ["is null", 200, '{"tenants":null}', /not as documented: tenants: expected array, received null/],
    ] as const) {
      it(`is an error where it ${what}`, async () => {
        server.script = answering(status, body);
        const error = await apiErrorOf(gateway().listTenants());
        assert.match(error.message, /^Could not list the tenants: GET \/api\/v1\/tenants\/ answered /);
        assert.match(error.message, problem);
      });
    }
  });

  describe("platform's stock", () => {
    it("is read with numbers as text, or Unlimited", async () => {
      server.script = answering(
        200,
        JSON.stringify({
          licenseStrictness: "strict",
          expirationDate: "2020-10-31 23:59:59 +0100",
          subscriberLicenses: [{ name: "Users", licensed: "100", used: "42", available: "58" }],
          groupServiceLicenses: [{ name: "Hunt Group", licensed: "Unlimited", used: 3, available: "unlimited" }],
          virtualServiceLicenses: null,
          userServiceLicenses: [{ name: "X", licensed: "many" }, { licensed: "1" }],
          _internal_record_id: 7,
        }),
      );
      assert.deepEqual(await gateway().stock(), {
        licenseStrictness: "strict",
        expirationDate: "2020-10-31 23:59:59 +0100",
        subscriberLicenses: [{ name: "Users", licensed: 100, used: 42, available: 58 }],
        groupServiceLicenses: [{ name: "Hunt Group", licensed: "unlimited", used: 3, available: "unlimited" }],
        virtualServiceLicenses: [],
        userServiceLicenses: [{ name: "X", licensed: undefined, used: undefined, available: undefined }],
      });
      assert.equal(sent().trim(), "GET /api/v1/system/licensing/");
    });

    it("is not shown to who may not see it, without a new login for a 403", async () => {
      for (const [status, requests] of [
        [403, 1],
        [404, 1],
        [401, 2],
      ] as const) {
        const api = gateway();
        server.script = answering(200, '{"tenants":[]}');
        await api.listTenants();
        server.received.length = 0;
        server.script = answering(status, "{}");
        assert.equal(await api.stock(), undefined);
        assert.equal(server.received.length, requests);
      }
      server.script = answering(500, "{}");
      await apiErrorOf(gateway().stock());
    });
  });

  describe("refused session", () => {
    it("is followed by one login, and the call again; a second refusal is final", async () => {
      for (const call of [
        (api: TenantGateway) => api.getLicenses("foo"),
        (api: TenantGateway) => api.putLicenses("foo", CHANGE),
      ]) {
        server.received.length = 0;
        server.script = inTurn(answering(401, "{}"), answering(200, '{"groupServices":[]}'));
        await call(gateway());
        assert.deepEqual(
          server.received.map(({ headers }) => headers.cookie),
          ["sessionid=s0; SERVERID=n1", "sessionid=s1; SERVERID=n1"],
        );
        server.received.length = 0;
        server.script = answering(401, '{"details":"Authentication credentials were not provided"}');
        const error = await apiErrorOf(call(gateway()));
        assert.match(
          error.message,
          /answered 401: Authentication credentials were not provided\. The tenant gateway does not accept/,
        );
        assert.deepEqual([error.trouble, error.lost, server.received.length], ["credentials", false, 2]);
      }
    });
  });
});

describe("tenant gateway at the simulator", () => {
  const live = startForTests();

  function gateway(environment: Readonly<Record<string, string>> = {}): TenantGateway {
    return new Systems({
      configuration: () => undefined,
      environment: { ...live.environment, ...environment },
      clock: live.clock,
      redactor: createRedactor(),
    }).tenantGateway().api;
  }

  it("updates services and reads them back, with one login", async () => {
    const api = gateway();
    const results = await api.putLicenses("foo", CHANGE);
    assert.ok(results.length === 5 && results.every(({ status }) => status === "updated"));
    const licenses = await api.getLicenses("foo");
    const allocated = new Map(licenses?.groupServices.map((service) => [service.name, service.allocated]));
    assert.deepEqual(allocated.get("Hunt Group"), { unlimited: true });
    assert.deepEqual(allocated.get("Call Pickup"), { unlimited: false, maximum: 5 });
    assert.equal((await live.admin.requests("login")).length, 1);
    const [put] = (await live.admin.requests("gateway")).filter(({ method }) => method === "PUT");
    assert.equal(await live.admin.rawBody(put?.n ?? 0), compact("licenses-put-request"));
  });

  it("logs in once for fifty calls, at first and after the session has ended", async () => {
    const api = gateway();
    const fifty = (): Promise<unknown> => Promise.all(Array.from({ length: 50 }, () => api.getLicenses("foo")));
    await fifty();
    assert.equal((await live.admin.requests("login")).length, 1);
    live.clock.advance(3_600_000);
    await fifty();
    assert.equal((await live.admin.requests("login")).length, 2);
    await live.admin.revoke();
    await fifty();
    assert.equal((await live.admin.requests("login")).length, 3);
  });

  it("tells a wrong password by its keys", async () => {
    const error = await apiErrorOf(gateway({ TENANT_GATEWAY_PASSWORD: "wrong-password" }).getLicenses("foo"));
    assert.match(
      error.message,
      /answered 401: Wrong username or password(?:; code: 401)?\. Check tenantGateway\.username and tenantGateway\.password/,
    );
    assert.ok(!error.message.includes("wrong-password"));
    assert.equal((await live.admin.requests()).length, 1);
  });

  it("gives what a partial success says of each service", async () => {
    await live.admin.patchTenant("foo", { groupServices: { "Call Pickup": { failOnUpdate: "locked" } } });
    const results = await gateway().putLicenses("foo", CHANGE);
    assert.deepEqual(
      results.filter(({ status }) => status !== "updated"),
      [{ kind: "groupServices", name: "Call Pickup", status: "failed", said: "locked" }],
    );
  });

  it("knows a tenant that is not there", async () => {
    assert.equal(await gateway().getLicenses("nobody"), undefined);
  });

  it("asks without a body where something on the way refuses a GET with one, and lists the tenants and the stock", async () => {
    for (const getBody of ["forbidden", "badRequest"] as const) {
      await live.admin.reset();
      await live.admin.settings({ getBody });
      const api = gateway();
      const licenses = await api.getLicenses("foo");
      assert.ok(licenses !== undefined && licenses.groupServices.length > 0);
      await api.getLicenses("foo");
      assert.deepEqual(
        (await live.admin.requests("gateway")).map(({ status }) => status),
        [getBody === "forbidden" ? 403 : 400, 200, 200],
      );
      assert.ok((await api.listTenants()).rows.some(({ tenantId }) => tenantId === "foo"));
      assert.ok((await api.stock()) !== undefined);
      assert.equal((await live.admin.requests("login")).length, 1);
    }
  });

  it("does not show the stock, nor the tenants, to who may not see them", async () => {
    await live.admin.settings({ stockAccess: "refuse", tenantListAccess: "refuse" });
    const api = gateway();
    assert.equal(await api.stock(), undefined);
    assert.equal((await apiErrorOf(api.listTenants())).status, 403);
  });

  it("sees that a list of tenants is one page of several", async () => {
    for (const announcedBy of ["link", "totalCount", "envelope"] as const) {
      await live.admin.clearFaults();
      await live.admin.faults({ method: "GET", path: "/tenants/$", fault: { kind: "page", rows: 1, announcedBy } });
      await assert.rejects(gateway().listTenants().then(wholeOf), /not complete|not as documented/);
    }
  });

  for (const [refusedServices, isResults] of [
    ["results207", true],
    ["results400", true],
    ["broadworks", false],
  ] as const) {
    it(`tells what was refused by ${refusedServices}`, async () => {
      await live.admin.settings({ refusedServices });
      await live.admin.patchTenant("foo", { groupServices: { "Call Pickup": { failOnUpdate: "locked" } } });
      const put = gateway().putLicenses("foo", CHANGE);
      if (isResults) {
        assert.deepEqual(
          (await put).filter(({ status }) => status !== "updated").map(({ name }) => name),
          ["Call Pickup"],
        );
      } else {
        assert.match((await apiErrorOf(put)).message, /answered 400: /);
      }
    });
  }
});

describe("tenant gateway behind APIO Core, at the simulator", () => {
  const live = startForTests();

  function gateway(environment: Readonly<Record<string, string>> = {}): TenantGateway {
    const core = { TENANT_GATEWAY_API_PATH: "/api/v01/p1", TENANT_GATEWAY_AUTHENTICATION: "core" };
    return new Systems({
      configuration: () => undefined,
      environment: { ...live.environment, ...core, ...environment },
      clock: live.clock,
      redactor: createRedactor(),
    }).tenantGateway().api;
  }

  /** The requests for tokens: logins and renewals. */
  async function tokenRequests(): Promise<string[]> {
    const requests = await live.admin.requests();
    return requests.filter(({ path }) => path.includes("/auth/")).map(({ method, path }) => `${method} ${path}`);
  }

  it("updates services and reads them back, with one login", async () => {
    const api = gateway();
    const results = await api.putLicenses("foo", CHANGE);
    assert.ok(results.length === 5 && results.every(({ status }) => status === "updated"));
    const licenses = await api.getLicenses("foo");
    const pickup = licenses?.groupServices.find(({ name }) => name === "Call Pickup");
    assert.deepEqual(pickup?.allocated, { unlimited: false, maximum: 5 });
    assert.ok((await api.listTenants()).rows.length > 0);
    assert.ok((await api.stock()) !== undefined);
    assert.equal(await api.getLicenses("nobody"), undefined);
    assert.deepEqual(await tokenRequests(), ["POST /api/v01/auth/login"]);
  });

  it("renews its access token once for fifty calls, and logs in again where the refresh token has ended", async () => {
    const api = gateway();
    const fifty = (): Promise<unknown> => Promise.all(Array.from({ length: 50 }, () => api.getLicenses("foo")));
    await fifty();
    live.clock.advance(300_000);
    await fifty();
    const login = "POST /api/v01/auth/login";
    const renewal = "GET /api/v01/auth/access_token";
    assert.deepEqual(await tokenRequests(), [login, renewal]);
    live.clock.advance(3_600_000);
    await fifty();
    assert.deepEqual(await tokenRequests(), [login, renewal, renewal, login]);
  });

  it("needs no login with a machine-to-machine token, and says what to do where it has expired", async () => {
    const user = { TENANT_GATEWAY_USERNAME: "", TENANT_GATEWAY_PASSWORD: "" };
    const api = gateway({ ...user, TENANT_GATEWAY_ACCESS_TOKEN: "demo-machine-token" });
    assert.ok((await api.getLicenses("foo")) !== undefined);
    assert.deepEqual(await tokenRequests(), []);
    await live.admin.settings({ machineTokens: "expired" });
    const error = await apiErrorOf(api.getLicenses("foo"));
    assert.match(error.message, /set a fresh tenantGateway\.accessToken \(TENANT_GATEWAY_ACCESS_TOKEN\)\.$/);
  });

  for (const [coreLogin, said] of [
    ["twoFactor", /second factor, which a program cannot give/],
    ["passwordChange", /password of this user must be changed first/],
  ] as const) {
    it(`explains a login that is answered with ${coreLogin}, and does not repeat it`, async () => {
      await live.admin.settings({ coreLogin });
      const api = gateway();
      for (let time = 0; time < 3; time += 1) {
        assert.match((await apiErrorOf(api.getLicenses("foo"))).message, said);
      }
      assert.equal((await tokenRequests()).length, 1);
    });
  }

  it("names a wrong password by its keys, after one login for all tenants", async () => {
    const api = gateway({ TENANT_GATEWAY_PASSWORD: "wrong-password" });
    for (const tenant of ["a", "b", "c"]) {
      assert.match(
        (await apiErrorOf(api.getLicenses(tenant))).message,
        /Invalid credentials.* Check tenantGateway\.username and tenantGateway\.password/,
      );
    }
    assert.equal((await tokenRequests()).length, 1);
  });

  it("is well, and shows where its gateway is", async () => {
    const status = await gateway().coreStatus(new AbortController().signal);
    assert.equal(status?.health, "ok");
    assert.deepEqual(status.gateways?.map(apiPathOf), ["/api/v01/p1"]);
  });
});
