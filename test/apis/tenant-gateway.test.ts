import assert from "node:assert/strict";
import { TenantGateway } from "../../provider/apis/tenant-gateway";
import type { GatewaySession } from "../../provider/apis/tenant-gateway-session";
import { createRedactor } from "../../provider/apis/transport/redact";
import { Systems } from "../../provider/systems";
import { vendorExample } from "../fixtures/vendor";
import { startForTests } from "../support/live-simulator";
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

/** A session that holds cookies already. */
function heldSession(): GatewaySession & { readonly refusals: string[] } {
  const refusals: string[] = [];
  return {
    refusals,
    cookies: () => Promise.resolve(`sessionid=s${refusals.length}; SERVERID=n1`),
    refused: (cookies) => refusals.push(cookies),
  };
}

describe("tenant gateway", () => {
  const server = serveForTests();

  function gateway(session: GatewaySession = heldSession()): TenantGateway {
    const http = connect(server.url, { name: "tenant gateway", baseUrlKey: "tenantGateway:baseUrl" });
    return new TenantGateway(http, session);
  }

  function sent(): string {
    const [received, ...others] = server.received;
    assert.ok(received !== undefined && others.length === 0, `${server.received.length} requests`);
    assert.equal(received.headers.cookie, "sessionid=s0; SERVERID=n1");
    assert.equal(received.headers["content-type"], "application/json");
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
          { name: "Account/Authorization Codes", allocated: { unlimited: true }, currentlyAllocated: 2 },
          { name: "Auto Attendant", allocated: { unlimited: false, maximum: 10 }, currentlyAllocated: 10 },
          { name: "Call Park", allocated: { unlimited: false, maximum: 0 }, currentlyAllocated: undefined },
        ],
        userServices: [
          { name: "3G/4G Continuity", allocated: { unlimited: false, maximum: 0 }, currentlyAllocated: undefined },
          { name: "Advice Of Charge", allocated: { unlimited: true }, currentlyAllocated: 17 },
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
      [
        "a maximum beside unlimited",
        '{"groupServices":[{"name":"A","allocated":{"unlimited":true,"maximum":7},"currentlyAllocated":null}]}',
        {
          groupServices: [{ name: "A", allocated: { unlimited: true }, currentlyAllocated: undefined }],
          userServices: [],
        },
      ],
      [
        "fields that are not documented",
        '{"groupServices":[{"name":"A","allocated":{"unlimited":false,"maximum":7,"x":1},"y":2}],"z":3}',
        {
          groupServices: [{ name: "A", allocated: { unlimited: false, maximum: 7 }, currentlyAllocated: undefined }],
          userServices: [],
        },
      ],
    ] as const) {
      it(`reads ${what}`, async () => {
        server.script = answering(200, body);
        assert.deepEqual(await gateway().getLicenses("foo"), expected);
      });
    }

    const service = (fields: object): string => JSON.stringify({ groupServices: [{ name: "A", ...fields }] });
    for (const [body, problem] of [
      ["", /the body is empty/],
      ["<html>", /the body is an HTML page/],
      ["nonsense", /the body is no JSON/],
      ["{}", /not as documented: it lists no services/],
      ["[]", /not as documented/],
      ['{"servicePacks":[]}', /it lists no services/],
      ['{"groupServices":{}}', /not as documented: groupServices: /],
      [service({}), /not as documented: groupServices\.0\.allocated: /],
      [service({ allocated: { unlimited: false } }), /groupServices\.0\.allocated/],
      [service({ allocated: { unlimited: "true" } }), /groupServices\.0\.allocated/],
      [service({ allocated: { unlimited: false, maximum: -1 } }), /groupServices\.0\.allocated/],
      [service({ allocated: { unlimited: false, maximum: 1.5 } }), /groupServices\.0\.allocated/],
      [service({ allocated: { unlimited: true }, currentlyAllocated: -1 }), /groupServices\.0\.currentlyAllocated/],
      [service({ name: "", allocated: { unlimited: true } }), /groupServices\.0\.name/],
      [service({ name: 7, allocated: { unlimited: true } }), /groupServices\.0\.name/],
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

    it("says that there is no tenant where the gateway itself says 404, and nowhere else", async () => {
      server.script = answering(404, '{"details":"Tenant \'foo\' not found"}');
      assert.equal(await gateway().getLicenses("foo"), undefined);
      for (const body of ["<html>Not Found</html>", "", "not found", "404"]) {
        server.script = answering(404, body);
        assert.equal((await apiErrorOf(gateway().getLicenses("foo"))).status, 404);
      }
    });

    for (const status of [400, 403, 406, 410, 416, 422, 500]) {
      it(`answered ${status} tells in the gateway's words`, async () => {
        server.script = answering(status, '[{"code":4008,"message":"No such thing"}]');
        const error = await apiErrorOf(gateway().getLicenses("foo"));
        assert.match(error.message, new RegExp(`answered ${status}: No such thing; code: 4008\\. `));
        assert.equal(server.received.length, 1);
      });
    }
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
      "",
      "<html>",
      "{",
      "[]",
      "1",
      '{"groupServices":{}}',
      '{"groupServices":[{"status":"updated"}]}',
      '{"userServices":[7]}',
    ]) {
      it(`may or may not have been done where ${body === "" ? "nothing" : body} is answered`, async () => {
        server.script = answering(200, body);
        const error = await apiErrorOf(gateway().putLicenses("foo", CHANGE));
        assert.deepEqual([error.trouble, error.lost], ["unreadable", true]);
        assert.match(error.message, /^Could not update the service licences of tenant foo: PUT /);
      });
    }

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

  describe("refused session", () => {
    it("is followed by one login, and the call again; a second refusal is final", async () => {
      for (const call of [
        (api: TenantGateway) => api.getLicenses("foo"),
        (api: TenantGateway) => api.putLicenses("foo", CHANGE),
      ]) {
        server.received.length = 0;
        server.script = inTurn(answering(401, "{}"), answering(200, '{"groupServices":[]}'));
        const session = heldSession();
        await call(gateway(session));
        assert.deepEqual(session.refusals, ["sessionid=s0; SERVERID=n1"]);
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
      /answered 401: Wrong username or password\. Check tenantGateway:username and tenantGateway:password/,
    );
    assert.ok(!error.message.includes("wrong-password"));
    assert.equal((await live.admin.requests()).length, 1);
  });

  it("gives what a partial success says of each service", async () => {
    await live.admin.patchTenant("foo", { groupServices: { "Call Pickup": { failOnUpdate: "locked" } } });
    const results = await gateway().putLicenses("foo", CHANGE);
    assert.deepEqual(
      results.filter(({ status }) => status !== "updated"),
      [{ kind: "groupServices", name: "Call Pickup", status: "failed" }],
    );
  });

  it("knows a tenant that is not there", async () => {
    assert.equal(await gateway().getLicenses("nobody"), undefined);
  });
});
