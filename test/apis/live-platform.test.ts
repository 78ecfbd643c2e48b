import assert from "node:assert/strict";
import { wholeOf } from "../../provider/systems/shared/complete-list";
import { LivePlatform, type LivePlatformVariant } from "../../provider/systems/live-platform/client";
import type { CredentialSource } from "../../provider/systems/shared/credential-holder";
import { ApiError } from "../../provider/systems/transport/api-error";
import { createRedactor } from "../../provider/systems/transport/redact";
import { Systems } from "../../provider/systems/systems";
import { vendorExample } from "../fixtures/vendor";
import { startForTests } from "../support/live-simulator";
import { authorized, renewing, token } from "./support/credentials";
import { apiErrorOf, connect } from "./support/http-apis";
import { answering, inTurn, serveForTests } from "./support/local-server";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";
const APPLICATION = {
  clientId: "0fdc8122-e0b5-43ac-8433-54860113710d",
  clientSecret: "pr18Q~Fk0bpCZdK7dd4jZvZRy8mXeonQPLasEblW",
};

/** A vendor's example without the spaces, no-break ones included, that are for readers. */
function compact(name: string): string {
  return JSON.stringify(JSON.parse(vendorExample(name).text.replaceAll("\u00a0", " ")));
}

describe("Live Platform", () => {
  const server = serveForTests();

  function platform(
    variant: Partial<LivePlatformVariant> = {},
    credentials: CredentialSource = token("t0ken"),
    warnings: string[] = [],
    redactor = createRedactor(),
  ): LivePlatform {
    const http = connect(`${server.url}/tenantui`, { requestTimeoutMs: 2000, redactor });
    return new LivePlatform(
      authorized(http, credentials),
      {
        patchFields: "example",
        upgradeFields: "UpgradetoLicense",
        taskPath: "/api/v2/task/{taskId}",
        ...variant,
      },
      (text) => warnings.push(text),
    );
  }

  /** The one request that came, as `METHOD path body`; each request must carry the token. */
  function sent(): string {
    const [received, ...others] = server.received;
    assert.ok(received !== undefined && others.length === 0, `${server.received.length} requests`);
    assert.equal(received.headers.authorization, "Bearer t0ken");
    assert.equal(received.headers["content-type"], received.body === "" ? undefined : "application/json");
    return `${received.method} ${received.path} ${received.body}`.trim();
  }

  describe("PATCH", () => {
    const change = { customerFullName: "BBOC532", licenseType: 5, licensedUsersCount: 50, application: APPLICATION };

    it("is the page's example, byte for byte", async () => {
      server.script = answering(200, vendorExample("patch-reply").text);
      await platform().patchCustomer(GUID, change);
      assert.equal(sent(), `PATCH /tenantui/api/v3/customer/${GUID} ${compact("patch-request")}`);
    });

    it("has the names of the page's table where the setting says so", async () => {
      server.script = answering(200, "1");
      await platform({ patchFields: "table" }).patchCustomer(GUID, change);
      assert.equal(
        sent(),
        `PATCH /tenantui/api/v3/customer/${GUID} {"customerFullName":"BBOC532","upgradeToLicense":5,"licenseCount":50,` +
          '"applicationClientId":"0fdc8122-e0b5-43ac-8433-54860113710d","applicationClientSecret":"pr18Q~Fk0bpCZdK7dd4jZvZRy8mXeonQPLasEblW"}',
      );
    });

    for (const [patchFields, body] of [
      ["example", '{"licenseType":1,"licensedUsersCount":7}'],
      ["table", '{"upgradeToLicense":1,"licenseCount":7}'],
    ] as const) {
      it(`leaves out what is not given, with the names of the ${patchFields}`, async () => {
        server.script = answering(200, "1");
        await platform({ patchFields }).patchCustomer(GUID, { licenseType: 1, licensedUsersCount: 7 });
        assert.equal(sent(), `PATCH /tenantui/api/v3/customer/${GUID} ${body}`);
      });
    }

    for (const [status, body] of [
      [200, "1"],
      [200, '"1"'],
      [200, "{}"],
      [200, '{"error":null,"errors":[],"success":true}'],
      [200, '{"status":"Updated","message":"Customer was unlocked"}'],
      [201, "1"],
      [200, ""],
      [200, " \n"],
      [202, ""],
      [204, ""],
    ] as const) {
      it(`is taken for done when it is answered ${status} ${JSON.stringify(body)}`, async () => {
        server.script = answering(status, body);
        assert.equal(await platform().patchCustomer(GUID, change), undefined);
      });
    }

    for (const [body, id] of [
      ['"tsk_185510"', "tsk_185510"],
      ["tsk_185510", "tsk_185510"],
      ['{"jobId":"wst_1"}', "wst_1"],
      ['{"JobId":"wst_1","error":null}', "wst_1"],
      ['{"taskId":"7c2d"}', "7c2d"],
      ['{"id":"tsk_9","status":"In Progress"}', "tsk_9"],
    ] as const) {
      it(`gives the task ${id} of ${body}`, async () => {
        server.script = answering(200, body);
        assert.equal(await platform().patchCustomer(GUID, change), id);
      });
    }

    for (const [body, said] of [
      ['{"error":{"code":"InvalidSecret"}}', "code: InvalidSecret"],
      ['{"Error":"Invalid secret"}', "Error: Invalid secret"],
      ['{"errors":["no","never"]}', "no; never"],
      ['{"success":false}', '{"success":false}'],
      ['{"Success":false,"message":"Customer is locked"}', "Customer is locked"],
      ['{"status":400,"title":"Bad"}', "Bad"],
      ['{"status":"Failed"}', "status: Failed"],
      ['{"message":"Access denied"}', "Access denied"],
      ['"Error: customer is locked"', "Error: customer is locked"],
      ["Error: customer is locked", "Error: customer is locked"],
      ["OK", "OK"],
      ["0", "0"],
      ["2", "2"],
      ["true", "true"],
      ["false", "false"],
      ["[]", "[]"],
      ["{", "{"],
      ["<!DOCTYPE html><html>Sign in</html>", "an HTML page"],
    ] as const) {
      it(`may or may not have been done when it is answered ${body.slice(0, 40)}`, async () => {
        server.script = answering(200, body);
        const error = await apiErrorOf(platform().patchCustomer(GUID, change));
        assert.equal(error.lost, true);
        assert.ok(
          error.message.startsWith(
            `Could not change the licence of customer ${GUID}: PATCH /tenantui/api/v3/customer/${GUID} answered 200: ${said}`,
          ),
          error.message,
        );
        assert.match(
          error.message,
          /, which does not confirm the change\. .* run `pulumi up` again, it looks first\.$/,
        );
      });
    }

    it("that is refused tells in the platform's words", async () => {
      const { status, text } = vendorExample("patch-wrong-value-error");
      server.script = answering(status, text);
      const error = await apiErrorOf(platform().patchCustomer(GUID, change));
      assert.equal(
        error.message,
        `Could not change the licence of customer ${GUID}: PATCH /tenantui/api/v3/customer/${GUID} answered 400: ` +
          "Invalid change for License Type!. Correct what the Live Platform rejects, and run it again.".replace(
            "! C",
            "!. C",
          ),
      );
      assert.deepEqual([error.status, error.lost], [400, false]);
    });
  });

  describe("POST upgrade", () => {
    const upgrade = { licenseType: 5, licensedUsersCount: 50 };

    it("is the page's example, byte for byte, and gives the task of its reply", async () => {
      server.script = answering(200, vendorExample("upgrade-reply").text);
      assert.equal(await platform().upgradeCustomer(GUID, upgrade), "tsk_185510");
      assert.equal(sent(), `POST /tenantui/api/v2/customer/${GUID}/action/upgrade ${compact("upgrade-request")}`);
    });

    it("spells the licence type as the setting says", async () => {
      server.script = answering(200, '"tsk_1"');
      await platform({ upgradeFields: "upgradeToLicense" }).upgradeCustomer(GUID, upgrade);
      assert.match(sent(), / \{"upgradeToLicense":5,"licenseCount":50\}$/);
    });

    it("carries the name only where it is declared", async () => {
      server.script = answering(200, '"tsk_1"');
      await platform().upgradeCustomer(GUID, { ...upgrade, customerFullName: "BBOC532" });
      assert.match(sent(), /\{"customerFullName":"BBOC532","UpgradetoLicense":5,"licenseCount":50\}$/);
    });

    for (const [status, body, id] of [
      [200, '" tsk_1 "', "tsk_1"],
      [201, '"tsk_1"', "tsk_1"],
      [202, '{"jobId":"wst_77"}', "wst_77"],
      [200, '{"jobId":" wst_77 ","more":1}', "wst_77"],
    ] as const) {
      it(`gives ${id} where ${status} ${body} is answered`, async () => {
        server.script = answering(status, body);
        assert.equal(await platform().upgradeCustomer(GUID, upgrade), id);
      });
    }

    for (const body of [
      "",
      '""',
      '" "',
      '"OK"',
      '"Error: customer 5 is locked"',
      '{"error":"locked","jobId":"tsk_1"}',
      "1",
      "null",
      "42",
      "{}",
      '{"jobId":""}',
      '{"jobId":42}',
      "[]",
      "<html>",
      `"${"x".repeat(201)}"`,
    ]) {
      it(`may or may not have been done where ${JSON.stringify(body.slice(0, 20))} is answered`, async () => {
        server.script = answering(200, body);
        const error = await apiErrorOf(platform().upgradeCustomer(GUID, upgrade));
        assert.equal(error.lost, true);
        assert.match(error.message, /answered 200(?:, but the answer holds no task id|: .*, which does not confirm)/);
      });
    }

    for (const name of [
      "upgrade-conflict-error",
      "upgrade-not-found-error",
      "upgrade-wrong-value-error",
      "upgrade-nonexistent-value-error",
    ]) {
      it(`answered as ${name} fails at once, with all that the platform says`, async () => {
        const { status, text } = vendorExample(name);
        const { title, detail } = JSON.parse(text) as { title: string; detail?: string };
        server.script = answering(status, text);
        const error = await apiErrorOf(platform().upgradeCustomer(GUID, upgrade));
        assert.deepEqual([error.status, error.lost, server.received.length], [status, false, 1]);
        assert.ok(
          error.message.includes(`answered ${status}: ${title}${detail === undefined ? "" : `; ${detail}`}`),
          error.message,
        );
      });
    }
  });

  describe("task", () => {
    it("is the page's example", async () => {
      server.script = answering(200, vendorExample("task-reply").text);
      assert.deepEqual(await platform().getTask("tsk_185510"), {
        id: "tsk_185510",
        status: "CompletedSuccess",
        details: [],
        executionMessages: [],
        retryAfterMs: undefined,
      });
      assert.equal(sent(), "GET /tenantui/api/v2/task/tsk_185510");
    });

    for (const [taskPath, id, path] of [
      ["/api/v3/task/{taskId}/status", "tsk_1", "/tenantui/api/v3/task/tsk_1/status"],
      ["/{taskId}/of/{taskId}", "a b", "/tenantui/a%20b/of/a%20b"],
      ["/api/v2/task/{taskId}", "a/../b?c#d$&", "/tenantui/api/v2/task/a%2F..%2Fb%3Fc%23d%24%26"],
      ["/api/v2/task/{taskId}", "{taskId}", "/tenantui/api/v2/task/%7BtaskId%7D"],
    ] as const) {
      it(`${id} is read at ${path} with the setting ${taskPath}`, async () => {
        server.script = answering(200, '{"status":"In Progress"}');
        await platform({ taskPath }).getTask(id);
        assert.equal(sent(), `GET ${path}`);
      });
    }

    it("that repeats a secret of a request is given without it", async () => {
      const redactor = createRedactor();
      const api = platform({}, token("t0ken"), [], redactor);
      const { clientSecret } = APPLICATION;
      redactor.add(clientSecret);
      const basic = Buffer.from(`app:${clientSecret}`).toString("base64");
      server.script = answering(
        200,
        JSON.stringify({
          status: `Failed ${clientSecret}`,
          details: [`no ${clientSecret}`],
          executionMessages: [basic],
        }),
      );
      const task = JSON.stringify(await api.getTask("tsk_1"));
      assert.ok(
        task.includes("no [secret]") && !task.includes(clientSecret) && !task.includes(basic.slice(6, -4)),
        task,
      );
    });

    const told: readonly (readonly [details: unknown, texts: readonly string[]])[] = [
      [[null], []],
      [[], []],
      [null, []],
      [undefined, []],
      ["one", ["one"]],
      ["", []],
      [
        ["one", "", "two"],
        ["one", "two"],
      ],
      [
        [{ level: "Error", message: "no" }, { message: "bare" }],
        ["Error: no", "bare"],
      ],
      [
        [{ other: 1 }, 7],
        ['{"other":1}', "7"],
      ],
      [{ some: "object" }, []],
    ];
    for (const [value, texts] of told) {
      it(`tells ${JSON.stringify(texts)} where its details and messages are ${value === undefined ? "absent" : JSON.stringify(value)}`, async () => {
        server.script = answering(
          200,
          JSON.stringify({ id: 5, status: "Failed", details: value, executionMessages: value }).replace('"id":5,', ""),
        );
        const task = await platform().getTask("tsk_1");
        assert.deepEqual([task?.details, task?.executionMessages], [texts, texts]);
      });
    }

    for (const [status, text] of [
      ["null", ""],
      ['""', ""],
      ["3", "3"],
      ['"CompletedWithWarnings"', "CompletedWithWarnings"],
    ] as const) {
      it(`has its status as it comes: ${status}`, async () => {
        server.script = answering(200, `{"Status":${status}}`);
        assert.equal((await platform().getTask("tsk_1"))?.status, text);
      });
    }

    it("tells how long the platform wants to be left alone", async () => {
      server.script = answering(200, '{"status":"In Progress"}', { "retry-after": "9" });
      assert.equal((await platform().getTask("tsk_1"))?.retryAfterMs, 9000);
    });

    it("is unknown where the platform itself says 404, and nowhere else", async () => {
      server.script = answering(404, '{"title":"Task with id: tsk_1 not found","status":404}');
      assert.equal(await platform().getTask("tsk_1"), undefined);
      server.script = answering(404, "<html>Not Found</html>");
      await apiErrorOf(platform().getTask("tsk_1"));
    });

    for (const id of ['"tsk_2"', '"tsk_12"', '""', "2"]) {
      it(`cannot be read from the answer of task ${id}`, async () => {
        server.script = answering(200, `{"id":${id},"status":"CompletedSuccess"}`);
        const error = await apiErrorOf(platform().getTask("tsk_1"));
        assert.equal(error.trouble, "unreadable");
        assert.match(error.message, /answered 200, but it describes another task, /);
      });
    }

    for (const fields of ['"Id":"TSK_1",', '"id":null,', ""]) {
      it(`is read from its own answer, {${fields}…}`, async () => {
        server.script = answering(200, `{${fields}"status":"CompletedSuccess"}`);
        assert.equal((await platform().getTask("tsk_1"))?.id, "tsk_1");
      });
    }

    it("whose id is a number is read from an answer that writes it as a number", async () => {
      server.script = answering(200, '{"id":185510,"status":"In Progress"}');
      assert.equal((await platform().getTask("185510"))?.status, "In Progress");
    });

    for (const body of ["{}", '{"status":{}}', '{"id":"tsk_1"}', "[]", '"CompletedSuccess"', "null", ""]) {
      it(`cannot be read from ${body === "" ? "nothing" : body}`, async () => {
        server.script = answering(200, body);
        const error = await apiErrorOf(platform().getTask("tsk_1"));
        assert.equal(error.trouble, "unreadable");
        assert.equal(error.lost, false);
      });
    }
  });

  describe("customer", () => {
    const row = {
      UmpCustomerGuid: GUID,
      CustomerShortName: "contoso",
      CustomerFullName: "Contoso",
      LicenseType: 5,
      LicensedUsersCount: 50,
      MsTenantId: "8a2f0b6e-3c1d-4f57-9a86-5d0e4b7c2a11",
      ActiveUserCount: 35,
      LiveHubActiveUsersCount: 0,
      LiveHubSimpleUsersCount: 0,
    };
    const details = {
      ...row,
      MsDefaultDomain: "contoso.onmicrosoft.com",
      ApplicationClientId: APPLICATION.clientId,
      ApplicationClientSecret: "~-6",
      ClientSecretExpirationDate: "2/18/2027 8:39:26 AM",
    };
    const expected = {
      guid: GUID,
      shortName: "contoso",
      fullName: "Contoso",
      licenseType: 5,
      licensedUsersCount: 50,
      activeUserCount: 35,
      applicationClientId: APPLICATION.clientId,
      clientSecretExpirationDate: "2/18/2027 8:39:26 AM",
    };

    it("is read whole", async () => {
      server.script = answering(200, JSON.stringify(details));
      assert.deepEqual(await platform().getCustomer(GUID), expected);
      assert.equal(sent(), `GET /tenantui/api/v3/customer/${GUID}`);
    });

    const variants: readonly (readonly [what: string, change: object, expected: object])[] = [
      [
        "without an App Registration",
        { ApplicationClientId: undefined, ClientSecretExpirationDate: undefined },
        { applicationClientId: undefined, clientSecretExpirationDate: undefined },
      ],
      [
        "with an empty App Registration",
        { ApplicationClientId: "", ClientSecretExpirationDate: null },
        { applicationClientId: null, clientSecretExpirationDate: null },
      ],
      ["with a null App Registration", { ApplicationClientId: null }, { applicationClientId: null }],
      [
        "of type 0 without a count",
        { LicenseType: 0, LicensedUsersCount: null },
        { licenseType: 0, licensedUsersCount: null },
      ],
      [
        "without names and counts",
        { CustomerShortName: null, CustomerFullName: undefined, LicensedUsersCount: undefined, ActiveUserCount: null },
        { shortName: null, fullName: null, licensedUsersCount: null, activeUserCount: null },
      ],
      ["of a type that nobody knows", { LicenseType: 77 }, { licenseType: 77 }],
      ["without a licence", { UmpCustomerGuid: null, LicenseType: null }, { guid: null, licenseType: null }],
      ["with its GUID in capitals", { UmpCustomerGuid: GUID.toUpperCase() }, { guid: GUID.toUpperCase() }],
      ["with fields that are not documented", { NewField: { a: 1 } }, {}],
    ];
    for (const [what, change, changed] of variants) {
      it(`is read ${what}`, async () => {
        server.script = answering(200, JSON.stringify({ ...details, ...change }));
        assert.deepEqual(await platform().getCustomer(GUID), { ...expected, ...changed });
      });
    }

    it("that is another one is an error", async () => {
      server.script = answering(
        200,
        JSON.stringify({ ...details, UmpCustomerGuid: "1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601" }),
      );
      const error = await apiErrorOf(platform().getCustomer(GUID));
      assert.match(
        error.message,
        /answered 200, but it describes another customer, 1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601\./,
      );
    });

    const unreadable: readonly (readonly [body: string, problem: RegExp])[] = [
      ["", /the body is empty/],
      ["<html>", /the body is an HTML page/],
      ["{", /the body is no JSON/],
      ["null", /not as documented: /],
      ["[]", /not as documented: /],
      [JSON.stringify({ ...details, LicenseType: "5" }), /not as documented: LicenseType: /],
      [JSON.stringify({ ...details, LicenseType: 4.5 }), /not as documented: LicenseType: /],
      [JSON.stringify({ ...details, LicenseType: undefined }), /not as documented: LicenseType: /],
      [JSON.stringify({ ...details, UmpCustomerGuid: undefined }), /not as documented: UmpCustomerGuid: /],
      [JSON.stringify({ ...details, LicensedUsersCount: "50" }), /not as documented: LicensedUsersCount: /],
      [JSON.stringify({ ...details, ActiveUserCount: {} }), /not as documented: ActiveUserCount: /],
    ];
    for (const [body, problem] of unreadable) {
      it(`cannot be read from ${body.slice(0, 20)}…: ${problem.source}`, async () => {
        server.script = answering(200, body);
        const error = await apiErrorOf(platform().getCustomer(GUID));
        assert.match(error.message, problem);
        assert.match(error.message, new RegExp(`^Could not read the licence of customer ${GUID}: GET `));
        assert.equal(error.trouble, "unreadable");
      });
    }

    for (const body of ['{"title":"Customer with id: x not found","status":404}', '"not found"', "{}", "[]"]) {
      it(`is not there where the platform says so itself: 404 ${body}`, async () => {
        server.script = answering(404, body);
        assert.equal(await platform().getCustomer(GUID), undefined);
      });
    }

    for (const body of ["<html>Not Found</html>", "", "404 page not found", "404", "null", "true"]) {
      it(`may well be there where something else says so: 404 ${body}`, async () => {
        server.script = answering(404, body);
        const error = await apiErrorOf(platform().getCustomer(GUID));
        assert.match(
          error.message,
          /answered 404.*Check livePlatform:baseUrl \(http.*\/tenantui\) and that the object exists\.$/,
        );
      });
    }

    it("has its id encoded in the path", async () => {
      server.script = answering(404, "{}");
      await platform().getCustomer("a/../b?c");
      assert.equal(sent(), "GET /tenantui/api/v3/customer/a%2F..%2Fb%3Fc");
    });

    it("is listed with all others, in brief, with leads that have no licence yet", async () => {
      const lead = {
        ...row,
        UmpCustomerGuid: null,
        LicenseType: null,
        LicensedUsersCount: null,
        ActiveUserCount: null,
      };
      server.script = answering(200, JSON.stringify([row, lead]));
      const brief = { ...expected, applicationClientId: undefined, clientSecretExpirationDate: undefined };
      assert.deepEqual((await platform().listCustomers()).rows, [
        brief,
        { ...brief, guid: null, licenseType: null, licensedUsersCount: null, activeUserCount: null },
      ]);
      assert.equal(sent(), "GET /tenantui/api/v3/customer");
    });

    it("is read with keys in either case", async () => {
      const camel = Object.fromEntries(
        Object.entries(details).map(([key, value]) => [key.slice(0, 1).toLowerCase() + key.slice(1), value]),
      );
      server.script = answering(200, JSON.stringify(camel));
      assert.deepEqual(await platform().getCustomer(GUID), expected);
      server.script = answering(200, JSON.stringify([camel]));
      assert.equal((await platform().listCustomers()).rows[0]?.guid, GUID);
      server.script = answering(200, JSON.stringify({ umpcustomerguid: "x", ...details, licensetype: 1 }));
      assert.deepEqual(await platform().getCustomer(GUID), expected);
    });

    it("has a date that cannot be read told once, with the text", async () => {
      const warnings: string[] = [];
      const api = platform({}, token("t0ken"), warnings);
      for (const date of ["2/18/2027 8:39:26 AM", "2027-02-18 08:39:26", null, "", "0001-01-01T00:00:00"]) {
        server.script = answering(200, JSON.stringify({ ...details, ClientSecretExpirationDate: date }));
        await api.getCustomer(GUID);
      }
      assert.deepEqual(warnings, []);
      for (const date of ["13/02/2027 08:39:26", "18.02.2027", "18.02.2027"]) {
        server.script = answering(200, JSON.stringify({ ...details, ClientSecretExpirationDate: date }));
        assert.equal((await api.getCustomer(GUID))?.clientSecretExpirationDate, date);
      }
      assert.equal(warnings.length, 1);
      assert.match(
        String(warnings[0]),
        /ClientSecretExpirationDate of customer d5253892-.* is "13\/02\/2027 08:39:26"/,
      );
    });

    it("that is odd in the list has a problem, and the others are read; one warning names the odd ones", async () => {
      const warnings: string[] = [];
      const odd = [
        { ...row, UmpCustomerGuid: undefined },
        { ...row, LicenseType: undefined },
        { ...row, LicenseType: "x" },
        { ...row, LicensedUsersCount: -1 },
        { ...row, ActiveUserCount: "35", CustomerShortName: null, CustomerFullName: null },
        { ...row, CustomerFullName: 7 },
        { ...row, UmpCustomerGuid: "" },
        { ...row, UmpCustomerGuid: ".." },
        null,
        "contoso",
      ];
      server.script = answering(200, JSON.stringify([row, ...odd]));
      const { rows } = await platform({}, token("t0ken"), warnings).listCustomers();
      const [first, ...others] = rows;
      assert.deepEqual([first?.guid, first?.problem], [GUID, undefined]);
      assert.deepEqual(
        others.map(({ guid, licenseType, licensedUsersCount, activeUserCount, problem }) => [
          guid === GUID,
          licenseType,
          licensedUsersCount,
          activeUserCount,
          problem?.split(":")[0],
        ]),
        [
          [false, 5, 50, 35, "UmpCustomerGuid"],
          [true, null, 50, 35, "LicenseType"],
          [true, null, 50, 35, "LicenseType"],
          [true, 5, null, 35, "LicensedUsersCount"],
          [true, 5, 50, null, "ActiveUserCount"],
          [true, 5, 50, 35, "CustomerFullName"],
          [false, 5, 50, 35, "UmpCustomerGuid"],
          [false, 5, 50, 35, "UmpCustomerGuid"],
          [false, null, null, null, "no object"],
          [false, null, null, null, "no object"],
        ],
      );
      assert.deepEqual(warnings, [
        "The Live Platform's list of customers has 10 rows that cannot be read, and are left out: contoso (UmpCustomerGuid), contoso (LicenseType), contoso (LicenseType), and 7 more.",
      ]);
    });

    for (const [what, status, headers] of [
      ["a link to another page", 200, { link: '<https://x/api/v3/customer?page=2>; rel="next"' }],
      ["a header that counts rows", 200, { "x-total-count": "1" }],
      ["another status than 200", 207, {}],
    ] as const) {
      it(`is read from a list with ${what}, which has a gap`, async () => {
        server.script = answering(status, JSON.stringify([row]), headers);
        const { rows, gap } = await platform().listCustomers();
        assert.equal(rows.length, 1);
        assert.match(
          gap?.message ?? "",
          new RegExp(
            `^Could not list the customers: GET .* answered ${status}, but the list of customers is not complete: `,
          ),
        );
      });
    }

    it("is not read from a page in an envelope", async () => {
      server.script = answering(200, '{"currentPage":1,"totalPages":3,"data":[]}');
      assert.match(
        (await apiErrorOf(platform().listCustomers())).message,
        /answered 200, but the body is not as documented: expected array, received object/,
      );
    });

    it("is listed nowhere in an empty list; what is no list is an error", async () => {
      server.script = answering(200, "[]");
      assert.deepEqual(await platform().listCustomers(), { rows: [] });
      for (const [status, body] of [
        [200, "{}"],
        [204, ""],
        [404, "{}"],
        [404, "[]"],
      ] as const) {
        server.script = answering(status, body);
        await apiErrorOf(platform().listCustomers());
      }
    });
  });

  describe("licences in use", () => {
    const info = {
      acquiredLicenses: 50,
      currentlyLicensed: 24,
      totalMonitoredUsers: 20,
      lastUpdate: "2023-11-06T16:05:06.0202209+00:00",
      umpCustomerGuid: GUID.toUpperCase(),
      LicenseFactors: { a: true },
    };
    const expected = { currentlyLicensed: 24, acquired: 50, lastUpdate: "2023-11-06T16:05:06.0202209+00:00" };

    for (const [what, body, read] of [
      ["the documented array", [info], expected],
      ["a bare object", info, expected],
      [
        "the object of this customer among others",
        [{ ...info, umpCustomerGuid: "x", currentlyLicensed: 7 }, info],
        expected,
      ],
      ["an object without a GUID", [{ ...info, umpCustomerGuid: null }], expected],
      [
        "keys in another case",
        [{ AcquiredLicenses: 50, CurrentlyLicensed: 24, LastUpdate: info.lastUpdate }],
        expected,
      ],
      ["nulls", [{ currentlyLicensed: null }], { currentlyLicensed: null, acquired: null, lastUpdate: undefined }],
      ["an empty array", [], undefined],
      ["another customer alone", [{ ...info, umpCustomerGuid: "x" }], undefined],
    ] as const) {
      it(`are read from ${what}`, async () => {
        server.script = answering(200, JSON.stringify(body));
        assert.deepEqual(await platform().licensesInUse(GUID), read);
        assert.equal(sent(), `GET /tenantui/api/v3/customer/${GUID}/licenseinfo`);
      });
    }

    it("are not known where the platform does not offer the call", async () => {
      for (const status of [403, 404, 405, 501]) {
        server.script = answering(status, "<html>");
        assert.equal(await platform().licensesInUse(GUID), undefined);
      }
      for (const [status, body] of [
        [500, "{}"],
        [200, "<html>"],
        [200, '[{"currentlyLicensed":"24"}]'],
        [200, '[{"currentlyLicensed":-1}]'],
      ] as const) {
        server.script = answering(status, body);
        await apiErrorOf(platform().licensesInUse(GUID));
      }
    });
  });

  describe("refused token", () => {
    it("that is fixed is told of by its key, after one request", async () => {
      server.script = answering(401, '{"title":"Unauthorized","status":401}');
      const error = await apiErrorOf(platform().getCustomer(GUID));
      assert.match(error.message, /answered 401: Unauthorized\. Set a fresh one\.$/);
      assert.equal(error.trouble, "credentials");
      assert.equal(server.received.length, 1);
    });

    it("is renewed once, for every call, even the upgrade; a second one is final", async () => {
      const calls: readonly ((api: LivePlatform) => Promise<unknown>)[] = [
        (api) => api.getTask("tsk_1"),
        (api) => api.patchCustomer(GUID, { licenseType: 5, licensedUsersCount: 50 }),
        (api) => api.upgradeCustomer(GUID, { licenseType: 5, licensedUsersCount: 50 }),
      ];
      for (const call of calls) {
        server.received.length = 0;
        server.script = inTurn(answering(401, "{}"), answering(200, '{"status":"x","jobId":"j1"}'));
        await call(platform({}, renewing({ Authorization: "Bearer token-#" })));
        assert.deepEqual(
          server.received.map(({ headers }) => headers.authorization),
          ["Bearer token-0", "Bearer token-1"],
        );
        server.received.length = 0;
        server.script = answering(401, '{"title":"Unauthorized"}');
        const error = await apiErrorOf(call(platform({}, renewing({ Authorization: "Bearer token-#" }))));
        assert.equal(error.trouble, "credentials");
        assert.equal(error.lost, false);
        assert.equal(server.received.length, 2);
      }
    });
  });
});

describe("Live Platform at the simulator", () => {
  const live = startForTests();

  function platform(environment: Readonly<Record<string, string>> = {}): LivePlatform {
    return new Systems({
      configuration: () => undefined,
      environment: { ...live.environment, ...environment },
      clock: live.clock,
      redactor: createRedactor(),
    }).livePlatform().api;
  }

  it("upgrades a customer and patches it, with one token for all", async () => {
    const api = platform();
    const taskId = await api.upgradeCustomer(GUID, { licenseType: 5, licensedUsersCount: 50 });
    assert.equal((await api.getTask(taskId))?.status, "In Progress");
    live.clock.advance(5000);
    assert.equal((await api.getTask(taskId))?.status, "CompletedSuccess");
    await api.patchCustomer(GUID, { licenseType: 5, licensedUsersCount: 50, application: APPLICATION });
    const customer = await api.getCustomer(GUID);
    assert.deepEqual(
      [customer?.licenseType, customer?.licensedUsersCount, customer?.applicationClientId],
      [5, 50, APPLICATION.clientId],
    );
    assert.equal((await live.admin.requests("token")).length, 1);
    assert.deepEqual(
      (await live.admin.requests()).filter(({ status }) => status !== 200),
      [],
    );
    assert.equal((await api.listCustomers()).rows.length, 5);
  });

  it("renews a token before it ends, so that no call is refused", async () => {
    await live.admin.settings({ tokenLifetimeSeconds: 300 });
    const api = platform();
    for (let minute = 0; minute < 30; minute += 1) {
      await api.listCustomers();
      live.clock.advance(60_000);
    }
    const requests = await live.admin.requests();
    assert.ok(requests.every(({ status }) => status === 200));
    assert.equal(requests.filter(({ api: name }) => name === "token").length, 6);
  });

  it("gets one new token for fifty calls whose token was revoked", async () => {
    const api = platform();
    await api.listCustomers();
    await live.admin.revoke();
    await Promise.all(Array.from({ length: 50 }, () => api.getCustomer(GUID)));
    assert.equal((await live.admin.requests("token")).length, 2);
    const refused = (await live.admin.requests("livePlatform")).filter(({ status }) => status === 401);
    assert.ok(refused.length >= 1 && refused.length <= 50);
  });

  it("tells what is wrong with a client that the directory does not know", async () => {
    const error = await apiErrorOf(platform({ LIVE_PLATFORM_CLIENT_ID: "nobody" }).listCustomers());
    assert.match(
      error.message,
      /unauthorized_client; AADSTS700016: Application with identifier 'nobody'.*LIVE_PLATFORM_CLIENT_ID/,
    );
  });

  it("takes either naming of the PATCH's fields, as the setting says", async () => {
    const api = platform({ LIVE_PLATFORM_PATCH_FIELDS: "table" });
    const error = await apiErrorOf(
      api.patchCustomer("1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601", { licenseType: 2, licensedUsersCount: 41 }),
    );
    assert.equal(error.status, 400);
    const [request] = (await live.admin.requests("livePlatform")).slice(-1);
    assert.deepEqual(request?.body, { upgradeToLicense: 2, licenseCount: 41 });
  });

  for (const [patchAnswer, expected] of [
    ["one", "done"],
    ["empty", "done"],
    ["noContent", "done"],
    ["taskId", "task"],
    ["jobId", "task"],
    ["errorObject", "lost"],
    ["unsuccessful", "lost"],
    ["errorText", "lost"],
  ] as const) {
    it(`takes the answer ${patchAnswer} to a PATCH for ${expected}`, async () => {
      await live.admin.settings({ patchAnswer });
      const change = { licenseType: 2, licensedUsersCount: 44, customerFullName: "Hosted" };
      const patched = platform().patchCustomer("1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601", change);
      const outcome = await patched.then(
        (id) => (id === undefined ? "done" : "task"),
        (error: unknown) => (error instanceof ApiError && error.lost ? "lost" : "failed"),
      );
      assert.equal(outcome, expected);
    });
  }

  it("reads the licences in use, where they may be read", async () => {
    const api = platform();
    const inUse = await api.licensesInUse(GUID);
    assert.equal(typeof inUse?.currentlyLicensed, "number");
    for (const licenseInfoAccess of ["refuse", "missing"] as const) {
      await live.admin.settings({ licenseInfoAccess });
      assert.equal(await api.licensesInUse(GUID), undefined);
    }
    assert.equal((await live.admin.requests("token")).length, 1);
  });

  it("reads customers in camelCase, and upgrades in either spelling and either form of answer", async () => {
    await live.admin.settings({
      customerKeys: "camelCase",
      upgradeFields: "upgradeToLicense",
      upgradeAnswer: "jobId",
    });
    const api = platform({ LIVE_PLATFORM_UPGRADE_FIELDS: "upgradeToLicense" });
    assert.equal((await api.getCustomer(GUID))?.licenseType, 3);
    assert.equal((await api.listCustomers()).rows.length, 5);
    assert.match(await api.upgradeCustomer(GUID, { licenseType: 5, licensedUsersCount: 50 }), /^wst_/);
  });

  it("sees that a list of customers is one page of several", async () => {
    for (const announcedBy of ["link", "totalCount", "envelope"] as const) {
      await live.admin.clearFaults();
      await live.admin.faults({ method: "GET", path: "/customer$", fault: { kind: "page", rows: 2, announcedBy } });
      await assert.rejects(platform().listCustomers().then(wholeOf), /not complete|not as documented/);
    }
  });
});
