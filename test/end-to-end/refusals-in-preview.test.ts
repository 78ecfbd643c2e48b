import assert from "node:assert/strict";
import { configKey, configure, type Edge, throughBothEdges } from "./support/both-edges";
import { APP_ID, APP_SECRET, CONTOSO, type TestStack } from "./support/stack";

const FABRIKAM = "1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601";
const ADATUM = "b1c95f27-08ad-4d63-8f4e-93e6a27d5c44";
const REGISTRATION = `applicationClientId: "${APP_ID}", applicationClientSecret: "${APP_SECRET}"`;

function customer(args: string): string {
  return `new CustomerServiceLicense("it", { ${args} });`;
}

function tenant(args: string): string {
  return `new TenantServiceLicenses("it", { tenantId: "foo", ${args} });`;
}

/**
 * What is wrong with an input. Pulumi shows a failed check with the input's value, and a failed preview, where the plugin plans, as an error
 * of the resource.
 */
function wrong(property: string, value: string, words: RegExp): RegExp {
  return new RegExp(
    `(?:property ${property} value \\{${value}\\} has a problem|Preview failed: ${property}): ${words.source}`,
  );
}

/** The same for a resource that exists: the dynamic host's comparison fails, and does not name the resource by itself. */
function wrongWith(name: string, words: RegExp): RegExp {
  return new RegExp(`(?:error: ${name}: |\\(${name}\\): error: Preview failed: )${words.source}`);
}

const inOneLine = (output: string): string => output.replace(/\s+/g, " ");

/** What is declared, and what preview must say; for new resources. */
const NEW: readonly (readonly [string, string, RegExp])[] = [
  [
    "a wrong type",
    customer(`customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUsersCount: "many"`),
    wrong("licensedUsersCount", "many", /must be a whole number, 1 or more/),
  ],
  [
    "a range",
    customer(`customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUsersCount: 0`),
    wrong("licensedUsersCount", "0", /must be 1 or more/),
  ],
  [
    "a licence that cannot be declared",
    customer(`customerGuid: "${ADATUM}", licenseType: "OcEssential", licensedUsersCount: 5`),
    wrong("licenseType", "OcEssential", /must be HostedEssentialsPlus, HostedPro, OcEssentialPlus, OcPro/),
  ],
  [
    "a move between Hosted and Operator Connect",
    customer(`customerGuid: "${FABRIKAM}", licenseType: "OcPro", licensedUsersCount: 40`),
    wrong(
      "licenseType",
      "OcPro",
      /the customer holds Hosted Essentials Plus.*declare HostedEssentialsPlus or HostedPro/,
    ),
  ],
  [
    "a missing customer",
    customer(`customerGuid: "00000000-0000-4000-8000-000000000000", licenseType: "OcPro", licensedUsersCount: 40`),
    wrong("customerGuid", "00000000-[^}]*", /there is no customer 00000000-0000-4000-8000-000000000000/),
  ],
  [
    "a missing tenant",
    `new TenantServiceLicenses("it", { tenantId: "nope", groupServices: { "Hunt Group": 1 } });`,
    wrong("tenantId", "nope", /there is no tenant nope/),
  ],
  [
    "a count below the licences in use",
    customer(`customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUsersCount: 43`),
    wrong("licensedUsersCount", "43", /43 is below the 44 licences in use: declare 44 or more, or set allowBelowUse/),
  ],
  [
    "a service that the gateway does not list",
    tenant(`groupServices: { "Hunt Grup": 5 }`),
    /groupServices\.Hunt Grup: the gateway does not list this service for tenant foo: did you mean Hunt Group\?/,
  ],
  [
    "a maximum below what is allocated",
    tenant(`groupServices: { "Auto Attendant": 9 }`),
    /groupServices\.Auto Attendant: 9 is below the 10 allocated now/,
  ],
  [
    "a maximum below what service packs hand out",
    tenant(`userServices: { "Client License 10": 0 }`),
    /userServices\.Client License 10: 0 is below the 7 handed out by service packs \(0 allocated now\)/,
  ],
  [
    "half an App Registration",
    customer(
      `customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUsersCount: 60, applicationClientSecret: "${APP_SECRET}"`,
    ),
    wrong("applicationClientId", "[^}]*", /applicationClientId and applicationClientSecret go together/),
  ],
  [
    "an upgrade from OC Essential without an App Registration",
    customer(`customerGuid: "${CONTOSO}", licenseType: "OcPro", licensedUsersCount: 50`),
    wrong("applicationClientId", "[^}]*", /an upgrade from OC Essential to OC Pro needs an App Registration/),
  ],
  [
    "two resources for one customer",
    `${customer(`customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUsersCount: 60`)}
     new CustomerServiceLicense("again", { customerGuid: "${ADATUM.toUpperCase()}", licenseType: "OcPro", licensedUsersCount: 60 });`,
    /customer b1c95f27-08ad-4d63-8f4e-93e6a27d5c44 is declared by (?:it|again) too: keep one of the two/,
  ],
  [
    "two resources for one service",
    `${tenant(`groupServices: { "Hunt Group": 5, "Call Park": 1 }`)}
     new TenantServiceLicenses("again", { tenantId: "foo", groupServices: { "Hunt Group": 5 } });`,
    /tenant foo: groupServices\.Hunt Group is declared by (?:it|again) too: keep one of the two/,
  ],
];

/** Lists are inputs of dynamic resources only, and the generated SDK passes on no input that it does not know. */
const NEW_DYNAMIC: typeof NEW = [
  [
    "a service named twice",
    tenant(`groupServices: [{ name: "Call Park", allocated: 1 }, { name: "Call Park", allocated: 2 }]`),
    /groupServices\.Call Park: the service is named twice/,
  ],
  [
    "an input that does not exist",
    customer(`customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUserCount: 60`),
    /licensedUserCount: is not an input of this resource: did you mean licensedUsersCount/,
  ],
];

function refusals({ name: edge, createStack }: Edge): void {
  let stack: TestStack;
  before(async () => {
    stack = await createStack();
  });
  after(() => stack.close());

  for (const [what, program, says] of edge === "dynamic" ? [...NEW, ...NEW_DYNAMIC] : NEW) {
    it(what, async () => {
      stack.program(program);
      const { code, output } = await stack.preview();
      assert.notEqual(code, 0, output);
      assert.match(inOneLine(output), says);
      assert.deepEqual(await stack.writes(), []);
    });
  }

  it("wrong credentials and an API that is not there, in one line that names the settings", async () => {
    stack.program(customer(`customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUsersCount: 60`));
    await stack.admin("POST", "/faults", {
      path: "oauth2",
      count: -1,
      fault: {
        kind: "status",
        status: 401,
        body: { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret provided." },
      },
    });
    const refused = await stack.preview();
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /AADSTS7000215.*Check livePlatform[:.]clientId and livePlatform[:.]clientSecret \(LIVE_PLATFORM_CLIENT_ID/,
    );
    await stack.admin("DELETE", "/faults");

    const baseUrl = configKey("livePlatform", "baseUrl");
    const maxRetries = configKey("livePlatform", "maxRetries");
    await configure(stack, baseUrl, "http://127.0.0.1:1");
    await configure(stack, maxRetries, "0");
    const absent = await stack.preview();
    assert.notEqual(absent.code, 0);
    assert.match(
      absent.output,
      /could not connect \(ECONNREFUSED\)\. Check that livePlatform[:.]baseUrl \(http:\/\/127\.0\.0\.1:1\)/,
    );
    await stack.cli("config", "rm", ...baseUrl);
    await stack.cli("config", "rm", ...maxRetries);
  });

  it("a credential in the stack's configuration that is not a secret", async () => {
    const password = configKey("tenantGateway", "password");
    await configure(stack, password, "plain");
    const { code, output } = await stack.preview();
    assert.notEqual(code, 0);
    assert.match(output, /pulumi config set --secret (?:--path ')?(?:voice-licenses:)?tenantGateway[:.]password/);
    await stack.cli("config", "rm", ...password);
  });

  it("for a resource that exists too, once, with its name", async () => {
    stack.program(
      `${customer(`customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUsersCount: 60`)}
       new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: { "Hunt Group": 3 } });`,
    );
    assert.equal((await stack.up()).code, 0);
    assert.deepEqual(await stack.writes(), [], "what is there is adopted");

    stack.program(
      `${customer(`customerGuid: "${ADATUM}", licenseType: "HostedPro", licensedUsersCount: 60`)}
       new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: { "Hunt Group": 3 } });`,
    );
    const moved = await stack.preview();
    assert.notEqual(moved.code, 0);
    assert.match(inOneLine(moved.output), wrongWith("it", /licenseType: the customer holds OC Pro/));

    stack.program(
      `${customer(`customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUsersCount: 60`)}
       new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: { "Hunt Group": 3, "Auto Attendant": 0 } });`,
    );
    const below = await stack.preview();
    assert.notEqual(below.code, 0);
    assert.match(
      inOneLine(below.output),
      wrongWith("foo", /groupServices\.Auto Attendant: 0 is below the 10 allocated now/),
    );
    assert.deepEqual(await stack.writes(), []);
  });

  it("but not values that are not known yet", async () => {
    stack.program(
      `const first = new CustomerServiceLicense("it", { customerGuid: "${ADATUM}", licenseType: "OcPro", licensedUsersCount: 60 });
       new CustomerServiceLicense("second", {
         customerGuid: "${FABRIKAM}", licenseType: "HostedPro", licensedUsersCount: first.customerShortName.apply((name) => name.length + 60), ${REGISTRATION},
       }, { replaceOnChanges: [] });
       new TenantServiceLicenses("foo", { tenantId: "foo", groupServices: { "Hunt Group": first.licensedUsersCount }, userServices: first.customerShortName.apply(() => ({ "Speed Dial 100": 4 })) });`,
    );
    // A new stack, so that outputs of the first are unknown.
    const created = await stack.cli("stack", "init", "other");
    assert.equal(created.code, 0, created.output);
    const { code, output } = await stack.preview();
    assert.equal(code, 0, output);
  });
}

throughBothEdges("what up would refuse, preview refuses first", refusals);
