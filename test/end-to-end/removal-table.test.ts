import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { isNightly } from "../support/extent";
import { type Edge, throughBothEdges } from "./support/both-edges";
import { type CliResult, CONTOSO, type TestStack, until } from "./support/stack";

const PAGE = path.resolve(__dirname, "../../docs/removal.md");

/** One row of the page: the case, and its outcome in each form. */
interface Row {
  readonly title: string;
  readonly outcomes: Readonly<Record<Edge["name"], string>>;
}

const ROWS: readonly Row[] = readFileSync(PAGE, "utf8")
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter(([, , dynamic = ""]) => ["removed", "left", "refused"].includes(dynamic))
  .map(([, title = "", dynamic = "", native = ""]) => ({ title, outcomes: { dynamic, native } }));

const SEED = {
  livePlatform: {
    customers: [
      {
        guid: CONTOSO,
        shortName: "contoso",
        fullName: "Contoso Ltd",
        licenseType: 5,
        licensedUsersCount: 60,
        activeUserCount: 5,
      },
    ],
  },
  gateway: {
    tenants: {
      foo: { groupServices: { "Hunt Group": 5, "Call Park": 7, "Call Pickup": 2 }, userServices: {} },
      bar: { groupServices: { "Hunt Group": 9 }, userServices: {} },
    },
  },
};

const HUNT = '"Hunt Group": 5';
const PARK = '"Call Park": 7';

function tenant(name: string, services: string, options = "{}", tenantId = "foo"): string {
  return `const ${name} = new TenantServiceLicenses("${name}", { tenantId: "${tenantId}", groupServices: { ${services} }, onServiceRemoved: "unlicense", onDestroy: "unlicense" }, ${options});`;
}

function customer(name: string, options = "{}"): string {
  return `new CustomerServiceLicense("${name}", { customerGuid: "${CONTOSO}", licenseType: "OcPro", licensedUsersCount: 60, onDestroy: "downgrade" }, ${options});`;
}

/** A tenant and a customer. */
function both(name: string, options = "{}"): string {
  return tenant(name, HUNT, options) + customer(`${name}-customer`, options.replaceAll(/"(old)"/g, '"$1-customer"'));
}

const EMPTY = "";
/** An instance that reaches the same systems, and one that reaches another gateway. */
const INSTANCES = `
const env = process.env;
const livePlatform = { baseUrl: env.LIVE_PLATFORM_BASE_URL, authUrl: env.LIVE_PLATFORM_AUTH_URL, clientId: env.LIVE_PLATFORM_CLIENT_ID, clientSecret: pulumi.secret(env.LIVE_PLATFORM_CLIENT_SECRET) };
const tenantGateway = { baseUrl: env.TENANT_GATEWAY_BASE_URL, username: env.TENANT_GATEWAY_USERNAME, password: pulumi.secret(env.TENANT_GATEWAY_PASSWORD) };
const same = new Provider("same", { livePlatform, tenantGateway });
const another = new Provider("another", { livePlatform: { ...livePlatform, baseUrl: livePlatform.baseUrl.replace("127.0.0.1", "localhost") }, tenantGateway: { ...tenantGateway, baseUrl: tenantGateway.baseUrl.replace("127.0.0.1", "localhost") } });
`;

/** Brings a stack from one program to another; gives the run that may remove something. */
type Walk = (stack: TestStack) => Promise<CliResult>;

/** From one program to another by `pulumi up` with these options. */
function change(before: string, after: string, ...options: readonly string[]): Walk {
  return async (stack) => {
    await deploy(stack, before);
    stack.program(after);
    return stack.cli("up", "--yes", ...options);
  };
}

/** Deploys a program, and then gives a command whose arguments may name the URNs of its resources. */
function then(program: string, command: (stack: TestStack, urn: (name: string) => string) => Promise<CliResult>): Walk {
  return async (stack) => {
    await deploy(stack, program);
    const urns = (await stack.resources()).map(({ urn }) => urn);
    return command(stack, (name) => urns.find((urn) => urn.endsWith(`::${name}`)) ?? assert.fail(`no ${name}`));
  };
}

async function deploy(stack: TestStack, program: string): Promise<void> {
  stack.program(program);
  const { code, output } = await stack.up();
  assert.equal(code, 0, output);
  await stack.requests();
}

const REPLACED = "{ deleteBeforeReplace: true }";

const WALKS: Readonly<Record<string, Walk>> = {
  "a service is taken out of its resource": change(tenant("a", `${HUNT}, ${PARK}`), tenant("a", PARK)),
  "a resource is taken out of the program": change(both("a"), EMPTY),
  "`pulumi destroy`": then(both("a"), (stack) => stack.destroy()),
  "`pulumi destroy --target` the resource": then(tenant("a", HUNT) + tenant("b", PARK), (stack, urn) =>
    stack.destroy("--target", urn("a")),
  ),
  "`pulumi destroy` after a run that was killed": async (stack) => {
    await deploy(stack, tenant("a", HUNT));
    stack.program(tenant("a", '"Hunt Group": 6'));
    await stack.admin("POST", "/faults", { method: "PUT", path: "/licenses/", fault: { kind: "delay", ms: 60_000 } });
    const { child, result } = stack.start("up", "--yes", "--skip-preview");
    await until(
      async () =>
        ((await stack.admin("GET", "/requests")) as { method: string }[]).some(({ method }) => method === "PUT"),
      "the PUT is under way",
    );
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await result;
    await stack.admin("DELETE", "/faults");
    await stack.admin("DELETE", "/requests");
    assert.equal((await stack.cli("cancel", "--yes")).code, 0);
    return stack.destroy();
  },
  "a resource is renamed": change(both("a"), both("b")),
  "a resource is renamed, with an alias": change(both("old"), both("b", '{ aliases: [{ name: "old" }] }')),
  "a resource is renamed and moves to another provider instance with the same address": change(
    both("a"),
    INSTANCES + both("b", "{ provider: same }"),
  ),
  "a resource is renamed and moves to another provider instance with another address": change(
    tenant("a", HUNT),
    INSTANCES + tenant("b", HUNT, "{ provider: another }"),
  ),
  "a resource is renamed and moves into a component": change(
    both("a"),
    `const site = new pulumi.ComponentResource("my:index:Site", "site"); ${both("b", "{ parent: site }")}`,
  ),
  "a service moves to another resource": change(tenant("a", `${HUNT}, ${PARK}`), tenant("a", PARK) + tenant("b", HUNT)),
  "a service moves to a resource that depends on the one it leaves": change(
    tenant("a", `${HUNT}, ${PARK}`),
    tenant("a", PARK) + tenant("b", HUNT, "{ dependsOn: [a] }"),
  ),
  "a service moves to a resource that the program declares after waiting for a lookup": change(
    tenant("a", `${HUNT}, ${PARK}`),
    `(async () => { ${tenant("a", PARK)} await getCustomer({ shortName: "contoso" }); ${tenant("b", HUNT)} })();`,
  ),
  "`tenantId` changes: the old tenant": change(tenant("a", HUNT), tenant("a", '"Hunt Group": 9', "{}", "bar")),
  "`tenantId` changes under `deleteBeforeReplace`: the old tenant": change(
    tenant("a", HUNT, REPLACED),
    tenant("a", '"Hunt Group": 9', REPLACED, "bar"),
  ),
  "`tenantId` changes under `deleteBeforeReplace` and `--skip-preview`: the old tenant": change(
    tenant("a", HUNT, REPLACED),
    tenant("a", '"Hunt Group": 9', REPLACED, "bar"),
    "--skip-preview",
  ),
  "two resources swap their tenants under `deleteBeforeReplace`": change(
    tenant("a", HUNT, REPLACED) +
      tenant("b", '"Hunt Group": 9', "{ deleteBeforeReplace: true, dependsOn: [a] }", "bar"),
    tenant("a", '"Hunt Group": 9', REPLACED, "bar") +
      tenant("b", HUNT, "{ deleteBeforeReplace: true, dependsOn: [a] }"),
    "--skip-preview",
  ),
  "`pulumi up --target-replace` the resource": then(tenant("a", HUNT), (stack, urn) =>
    stack.up("--target-replace", urn("a")),
  ),
  "a resource is renamed, `pulumi up --target` its old URN": then(both("a"), (stack, urn) => {
    stack.program(both("b"));
    return stack.up("--target", urn("a"), "--target", urn("a-customer"));
  }),
  "a resource is renamed, `pulumi up --exclude` its new URN": then(both("a"), (stack, urn) => {
    stack.program(both("b"));
    const renamed = [urn("a").replace(/a$/, "b"), urn("a-customer").replace(/a-customer$/, "b-customer")];
    return stack.up(...renamed.flatMap((each) => ["--exclude", each]));
  }),
  "a service moves to another resource, `pulumi up --target` the one it leaves": then(
    tenant("a", `${HUNT}, ${PARK}`) + tenant("b", '"Call Pickup": 2'),
    (stack, urn) => {
      stack.program(tenant("a", PARK) + tenant("b", `${HUNT}, "Call Pickup": 2`));
      return stack.up("--target", urn("a"));
    },
  ),
  "a resource is taken out of the program, `pulumi up --target` it": then(
    tenant("a", HUNT) + tenant("b", PARK),
    (stack, urn) => {
      stack.program(tenant("b", PARK));
      return stack.up("--target", urn("a"));
    },
  ),
  "a service is taken out of its resource, `pulumi up --target` the resource": then(
    tenant("a", `${HUNT}, ${PARK}`) + tenant("b", '"Call Pickup": 2'),
    (stack, urn) => {
      stack.program(tenant("a", PARK) + tenant("b", '"Call Pickup": 2'));
      return stack.up("--target", urn("a"));
    },
  ),
  "a resource is taken out of the program that had `retainOnDelete`": change(
    both("a", "{ retainOnDelete: true }"),
    EMPTY,
  ),
  "a resource is taken out of the program that had `protect`": change(both("a", "{ protect: true }"), EMPTY),
  "`pulumi state delete` the resource": then(tenant("a", HUNT), (stack, urn) =>
    stack.cli("state", "delete", "--yes", urn("a")),
  ),
  "a resource is taken out of the program while another stack declares the same": then(both("a"), async (stack) => {
    assert.equal((await stack.cli("stack", "init", "other")).code, 0);
    await deploy(stack, both("a"));
    assert.equal((await stack.cli("stack", "select", "test")).code, 0);
    stack.program(EMPTY);
    return stack.up();
  }),
  "a resource is taken out of the program, and the temporary directory cannot be used": then(both("a"), (stack) => {
    const temporary = path.join(stack.folder, "temporary");
    mkdirSync(temporary);
    writeFileSync(path.join(temporary, `pulumi-voice-licenses-${process.getuid?.() ?? "user"}`), "");
    stack.setVariable("TMPDIR", temporary);
    stack.program(EMPTY);
    return stack.up();
  }),
};

/** Rows that `npm test` walks; the nightly form walks all. */
const SAMPLE = [
  "a service is taken out of its resource",
  "a resource is renamed and moves to another provider instance with the same address",
  "a service moves to a resource that the program declares after waiting for a lookup",
  "two resources swap their tenants under `deleteBeforeReplace`",
  "a resource is renamed, `pulumi up --target` its old URN",
];

/** What became of the licences: `removed`, `left`, or `refused`. */
async function outcomeOf(stack: TestStack, { code, output }: CliResult): Promise<string> {
  const writes = await stack.writes();
  for (const { method, body } of writes) {
    const { groupServices = [], licenseType } = body as {
      groupServices?: { name: string; allocated: { maximum?: number } }[];
      licenseType?: number;
    };
    const isRemoval =
      method === "PATCH" ? licenseType === 4 : groupServices.every(({ allocated }) => allocated.maximum === 0);
    assert.ok(isRemoval, `an odd write: ${JSON.stringify(body)}`);
  }
  if (code !== 0) {
    assert.deepEqual(writes, [], output);
    return "refused";
  }
  return writes.length > 0 ? "removed" : "left";
}

function removalTable(this: Mocha.Suite, { name, createStack }: Edge): void {
  this.timeout(180_000);
  let stack: TestStack;
  beforeEach(async () => {
    stack = await createStack(SEED);
  });
  afterEach(() => stack.close());

  for (const { title, outcomes } of ROWS.filter((row) => isNightly || SAMPLE.includes(row.title))) {
    it(`${title}: ${outcomes[name]}`, async () => {
      const walk = WALKS[title] ?? assert.fail("no test walks this row");
      const result = await walk(stack);
      assert.equal(await outcomeOf(stack, result), outcomes[name], result.output);
      if (outcomes[name] === "left") {
        stack.setVariable("TMPDIR", undefined);
        const again = await stack.up();
        assert.deepEqual(await stack.writes(), [], again.output);
      }
    });
  }
}

describe("the table of docs/removal.md", () => {
  it("has a walk for each row, and a row for each walk", () => {
    assert.deepEqual(ROWS.map(({ title }) => title).sort(), Object.keys(WALKS).sort());
    assert.deepEqual(
      SAMPLE.filter((title) => WALKS[title] === undefined),
      [],
    );
  });
});
throughBothEdges("the table of docs/removal.md, by the real CLI", removalTable, { isSample: true });
