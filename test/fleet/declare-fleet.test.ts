import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { declareFleet, type Fleet } from "../../fleet";
import { isInShard, parseShard } from "../../fleet/shard";
import { CustomerServiceLicense, TenantServiceLicenses } from "../../provider";
import { APP_ID, customer, GUID, tenant } from "./fleets";

const SECRET = "voice-licenses:contosoAppSecret";

describe("declareFleet, in a program", () => {
  const registered = new Map<string, Record<string, unknown>>();
  let folder: string;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-declare-"));
    await pulumi.runtime.setMocks({
      newResource: ({ type, name, inputs }) => {
        registered.set(`${type.split(":").at(-1) ?? ""} ${name}`, inputs as Record<string, unknown>);
        return { id: name, state: inputs as Record<string, unknown> };
      },
      call: () => ({}),
    });
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  afterEach(() => {
    registered.clear();
    pulumi.runtime.setAllConfig({});
  });

  function write(text: string, name = "licenses.yaml"): string {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  }

  /** Without what every resource of this package is registered with. */
  function inputsOf(resource: string): Record<string, unknown> {
    const inputs = Object.entries(registered.get(resource) ?? {});
    return Object.fromEntries(inputs.filter(([name]) => !name.startsWith("__")));
  }

  async function settled({ customers, tenants }: Fleet): Promise<void> {
    const all = [...Object.values(customers), ...Object.values(tenants)];
    await Promise.all(all.map((resource) => new Promise((resolve) => resource.urn.apply(resolve))));
  }

  function refusal(run: () => unknown): string {
    try {
      run();
    } catch (error) {
      assert.ok(pulumi.RunError.isInstance(error));
      return error.message;
    }
    return assert.fail("nothing was refused");
  }

  it("declares each as a resource of its name, with the secret from the stack's configuration", async () => {
    pulumi.runtime.setAllConfig({ [SECRET]: "the secret" }, [SECRET]);
    const fleet = declareFleet(
      write(
        `${customer(`applicationClientId: ${APP_ID}`, "applicationClientSecret: { config: contosoAppSecret }", "taskTimeout: 90s", "resendSecret: 1")}${tenant(
          "groupServices: { Hunt Group: unlimited, Call Pickup: { unlimited: false, maximum: 5 } }",
          "onDestroy: restore",
        )}`,
      ),
    );
    await settled(fleet);
    assert.ok(CustomerServiceLicense.isInstance(fleet.customers["contoso"]));
    assert.ok(TenantServiceLicenses.isInstance(fleet.tenants["foo"]));
    assert.deepEqual([Object.keys(fleet.customers), Object.keys(fleet.tenants)], [["contoso"], ["foo"]]);

    const contoso = inputsOf("CustomerServiceLicense contoso");
    const secret = contoso["applicationClientSecret"];
    assert.ok(JSON.stringify(secret).includes("the secret"));
    assert.equal(await pulumi.isSecret(fleet.customers["contoso"].applicationClientSecret), true);
    assert.deepEqual(
      { ...contoso, applicationClientSecret: "…" },
      {
        customerGuid: GUID,
        licenseType: "OcPro",
        licensedUsersCount: 50,
        applicationClientId: APP_ID,
        applicationClientSecret: "…",
        resendSecret: "1",
        taskTimeout: "90s",
      },
    );
    assert.deepEqual(inputsOf("TenantServiceLicenses foo"), {
      tenantId: "foo",
      groupServices: { "Call Pickup": 5, "Hunt Group": "unlimited" },
      userServices: {},
      onDestroy: "restore",
    });
  });

  const tenantsWith = (count: number, inputs: (i: number) => string): string =>
    write(`tenants:\n${Array.from({ length: count }, (_, i) => `  t${i + 100}: ${inputs(i)}\n`).join("")}`);

  it("sums up mistakes beyond two hundred, in the order of the file", () => {
    const file = tenantsWith(300, (i) => `{ groupServices: { A: v${i} } }`);
    const lines = refusal(() => declareFleet(file)).split("\n");
    assert.match(lines[0] ?? "", / has 300 mistakes; nothing was changed\.$/);
    assert.equal(lines.length, 202);
    assert.equal(lines.at(-1), "… and 100 more");
  });

  it("shows a mistake of 150 tenants once, with some of their places and how many more", () => {
    const file = tenantsWith(150, () => "{ groupServices: { A: many } }");
    const lines = refusal(() => declareFleet(file)).split("\n");
    assert.match(lines[0] ?? "", / has 150 mistakes; nothing was changed\.$/);
    const places = Array.from({ length: 10 }, (_, i) => `${i + 3}:28 tenants.t${i + 101}.groupServices.A`);
    assert.deepEqual(lines.slice(1), [
      `${file}:2:28 tenants.t100.groupServices.A: must be \`unlimited\` or a whole number (0 = not licensed), not "many". ` +
        `The same at 149 other places: ${places.join(", ")} and 139 more`,
    ]);
  });

  it("shows each of three mistakes that say the same", () => {
    const file = tenantsWith(3, () => "{ groupServices: { A: many } }");
    assert.equal(refusal(() => declareFleet(file)).split("\n").length, 4);
  });

  it("takes the file that the stack names before the one that the program names", async () => {
    const other = write("tenants: { bar: { groupServices: { A: 1 } } }", "other.yaml");
    pulumi.runtime.setAllConfig({ "voice-licenses:file": other });
    const fleet = declareFleet(write(tenant("groupServices: { A: 1 }")));
    await settled(fleet);
    assert.deepEqual(Object.keys(fleet.tenants), ["bar"]);
  });

  it("tells all mistakes at once, without a stack trace, and declares nothing", () => {
    const file = write(`${customer().replace("50", "0")}${tenant("groupServices: { A: x }")}`);
    assert.equal(
      refusal(() => declareFleet(file)),
      [
        `${file} has 2 mistakes; nothing was changed.`,
        `${file}:5:5 customers.contoso.licensedUsersCount: must be 1 or more, not 0.`,
        `${file}:8:22 tenants.foo.groupServices.A: must be \`unlimited\` or a whole number (0 = not licensed), not "x".`,
      ].join("\n"),
    );
    assert.equal(registered.size, 0);
  });

  it("refuses a key that the stack does not have, or not as a secret", () => {
    const file = write(
      customer(`applicationClientId: ${APP_ID}`, "applicationClientSecret: { config: contosoAppSecret }"),
    );
    const set = "run `pulumi config set --secret voice-licenses:contosoAppSecret` and enter it there.";
    assert.equal(
      refusal(() => declareFleet(file)),
      `${file} has a mistake; nothing was changed.\n${file}:7:5 customers.contoso.applicationClientSecret: ${SECRET} is not in the stack's configuration: ${set}`,
    );
    pulumi.runtime.setAllConfig({ [SECRET]: "the secret" });
    const told = refusal(() => declareFleet(file));
    assert.match(told, /not as a secret, so it lies there in clear text: run `pulumi config set --secret/);
    assert.doesNotMatch(told, /the secret/);
  });

  it("declares the part that the stack's shard says, with just the secrets of that part", async () => {
    const guids = ["d5253892-1c1e-4b23-89d7-29d86734c31b", "1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601"];
    const text = JSON.stringify({
      customers: Object.fromEntries(
        guids.map((customerGuid, index) => [
          `c${index}`,
          {
            customerGuid,
            licenseType: "OcPro",
            licensedUsersCount: 5,
            applicationClientId: APP_ID,
            applicationClientSecret: { config: `secret${index}` },
          },
        ]),
      ),
      tenants: Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`t${index}`, { userServices: { A: 1 } }])),
    });
    const file = write(text);
    const seen: string[] = [];
    for (const shard of ["1/3", "2/3", "3/3"]) {
      const keys = guids.flatMap((guid, index) =>
        isInShard(guid, parseShard(shard)!) ? [`voice-licenses:secret${index}`] : [],
      );
      const secrets = Object.fromEntries(keys.map((key) => [key, "hush"]));
      pulumi.runtime.setAllConfig({ "voice-licenses:shard": shard, ...secrets }, keys);
      const part = declareFleet(file);
      await settled(part);
      seen.push(...Object.keys(part.customers), ...Object.keys(part.tenants));
      assert.ok(Object.keys(part.tenants).length > 5, "the parts are about equal");
    }
    assert.equal(seen.length, 42);
    assert.equal(new Set(seen).size, 42);
  });

  it("refuses a shard that is none, and any removal policy but retain beside it", () => {
    for (const wrong of ["0/3", "4/3", "1", "1/x", "1/10001"]) {
      pulumi.runtime.setAllConfig({ "voice-licenses:shard": wrong });
      assert.match(
        refusal(() => declareFleet(write(tenant("groupServices: { A: 1 }")))),
        /^voice-licenses:shard must be i\/n, such as 1\/4/,
      );
    }
    pulumi.runtime.setAllConfig({ "voice-licenses:shard": "1/3" });
    const policies = ["groupServices: { A: 1 }", "onDestroy: unlicense", "onServiceRemoved: restore"];
    assert.equal(
      refusal(() => declareFleet(write(`${customer("onDestroy: downgrade")}${tenant(...policies)}`))),
      "voice-licenses:shard takes no removal policy but retain, because another number of parts moves objects between stacks: " +
        "customers.contoso.onDestroy, tenants.foo.onDestroy, tenants.foo.onServiceRemoved. " +
        "Declare retain there, or take voice-licenses:shard out.",
    );
    assert.equal(registered.size, 0);
  });

  it("refuses a file that there is not", () => {
    pulumi.runtime.setAllConfig({ "voice-licenses:file": path.join(folder, "none.yaml") });
    assert.match(
      refusal(() => declareFleet()),
      /^The fleet file \S+none\.yaml does not exist\. /,
    );
  });

  it("refuses a file that declares nothing, unless the program or the stack permits it", () => {
    const file = write("");
    const nothing = { customers: {}, tenants: {} };
    assert.match(
      refusal(() => declareFleet(file)),
      /licenses\.yaml:1:1 declares no customer and no tenant, so `pulumi up` would remove .* voice-licenses:allowEmpty in the stack\.$/,
    );
    assert.deepEqual(declareFleet(file, { allowEmpty: true }), nothing);
    pulumi.runtime.setAllConfig({ "voice-licenses:allowEmpty": "true" });
    assert.deepEqual(declareFleet(file), nothing);
    pulumi.runtime.setAllConfig({ "voice-licenses:allowEmpty": "false" });
    assert.match(
      refusal(() => declareFleet(file, { allowEmpty: true })),
      /declares no customer and no tenant/,
    );
  });
});
