import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Ended, runCommand } from "../support/command-line";
import { startForTests } from "../support/live-simulator";

const CONTOSO = "d5253892-1c1e-4b23-89d7-29d86734c31b";
const FABRIKAM = "1f0a9c44-6b1d-4e0a-b7c5-2d94f3a8e601";
const LOST = "00000000-1c1e-4b23-89d7-29d86734c31b";

const MANY = Array.from({ length: 20 }, (_, index) => `branch-${index}`);

const SEED = {
  livePlatform: {
    customers: [
      {
        guid: CONTOSO,
        shortName: "contoso",
        fullName: "Contoso Ltd",
        licenseType: 5,
        licensedUsersCount: 50,
        activeUserCount: 35,
      },
      {
        guid: FABRIKAM,
        shortName: "fabrikam",
        fullName: "Fabrikam",
        licenseType: 0,
        licensedUsersCount: 40,
        activeUserCount: 28,
      },
    ],
  },
  gateway: {
    tenants: {
      foo: { groupServices: { "Hunt Group": 3, "Call Pickup": 5 }, userServices: { "Voice Mail": "unlimited" } },
      spare: { groupServices: { "Hunt Group": 0, "Call Pickup": 1 }, userServices: {} },
      empty: { groupServices: { "Hunt Group": 0 }, userServices: {} },
      ...Object.fromEntries(MANY.map((id) => [id, { groupServices: { "Hunt Group": 3 }, userServices: {} }])),
    },
  },
};

const FLEET = `customers:
  contoso: { customerGuid: ${CONTOSO}, licenseType: OcPro, licensedUsersCount: 50 }
tenants:
  foo:
    groupServices: { Hunt Group: 3, Call Pickup: 5 }
    userServices: { Voice Mail: unlimited }
`;

describe("the commands for a fleet file", function () {
  this.timeout(60_000);
  const simulator = startForTests(SEED);
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-commands-"));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const file = (text: string): string => {
    const name = path.join(folder, "licenses.yaml");
    writeFileSync(name, text);
    return name;
  };

  const run = (
    args: readonly string[],
    environment: Readonly<Record<string, string>> = simulator.environment,
  ): Promise<Ended> => runCommand(args, environment);

  const writes = async (): Promise<string[]> =>
    (await simulator.admin.requests("livePlatform", "gateway"))
      .filter(({ method }) => method !== "GET")
      .map(({ method, path: where }) => `${method} ${where}`);

  it("print no warning where they read many at once", async () => {
    const fleet = file(`tenants:\n${MANY.map((id) => `  ${id}: { groupServices: { Hunt Group: 3 } }\n`).join("")}`);
    for (const args of [
      ["drift", fleet],
      ["plan", fleet],
      ["export", "--tenants", MANY.join(",")],
    ]) {
      const ended = await run(args);
      assert.deepEqual([ended.code, ended.stderr], [0, ""], args.join(" "));
    }
  });

  it("find nothing to say of a fleet that is as declared, by one list call and one call a tenant", async () => {
    const fleet = file(FLEET);
    const drift = await run(["drift", fleet, "--tenants", "foo"]);
    assert.deepEqual([drift.code, drift.stderr], [0, ""]);
    assert.match(drift.stdout, /^2 objects as declared, 1 unmanaged\.$/m);
    assert.match(drift.stdout, new RegExp(`customer Fabrikam  \\(${FABRIKAM}\\): Hosted Essentials$`, "m"));
    assert.deepEqual(
      (await simulator.admin.requests("livePlatform", "gateway"))
        .map(({ method, path: where }) => `${method} ${where}`)
        .sort(),
      ["GET /api/v1/tenants/foo/licenses/", "GET /tenantui/api/v3/customer"].sort(),
    );
    const plan = await run(["plan", fleet, "--expect-no-changes"]);
    assert.deepEqual([plan.code, plan.stdout, plan.stderr], [0, "Nothing to call, 2 as declared.\n", ""]);
    assert.deepEqual(await writes(), []);
  });

  it("find all and only what was edited behind its back", async () => {
    await simulator.admin.patchCustomer(CONTOSO, { licenseType: 4, licensedUsersCount: 60 });
    await simulator.admin.patchTenant("foo", { groupServices: { "Hunt Group": 9 } });
    const fleet = file(FLEET);
    const [drift, plan, expecting, ignoring, never] = await Promise.all([
      run(["drift", fleet, "--format", "json", "--tenants", "foo,spare,empty"]),
      run(["plan", fleet]),
      run(["plan", fleet, "--expect-no-changes", "--json"]),
      run(["drift", fleet, "--json", "--ignore", "customers.*", "--ignore", "tenants.foo.groupServices.Hunt*"]),
      run(["drift", fleet, "--fail-on", "nothing"]),
    ]);
    assert.equal(drift.code, 7);
    const report = JSON.parse(drift.stdout) as Record<string, unknown>;
    assert.deepEqual(report["drifted"], [
      {
        kind: "customer",
        id: CONTOSO,
        name: "contoso",
        property: "licenseType",
        declared: "OcPro",
        actual: "OcEssentialPlus",
      },
      { kind: "customer", id: CONTOSO, name: "contoso", property: "licensedUsersCount", declared: 50, actual: 60 },
      { kind: "tenant", id: "foo", name: "foo", property: "groupServices.Hunt Group", declared: 3, actual: 9 },
    ]);
    assert.deepEqual(
      (report["unmanaged"] as { kind: string; id: string }[]).map(({ kind, id }) => `${kind} ${id}`),
      [`customer ${FABRIKAM}`, "tenant spare"],
    );
    assert.equal(plan.code, 0);
    assert.match(plan.stdout, /PATCH OC Essential Plus → OC Pro, users 60 → 50/);
    assert.match(plan.stdout, /PUT Hunt Group 9 → 3/);
    assert.equal(expecting.code, 7);
    assert.equal((JSON.parse(expecting.stdout) as { calls: unknown[] }).calls.length, 2);
    assert.equal(ignoring.code, 0);
    assert.equal((JSON.parse(ignoring.stdout) as { clean: boolean }).clean, true);
    assert.equal(never.code, 0);
    assert.deepEqual(await writes(), []);
  });

  it("look at one part of a fleet, whose other parts are not unmanaged", async () => {
    const fleet = file(`tenants:\n${MANY.map((id) => `  ${id}: { groupServices: { Hunt Group: 4 } }\n`).join("")}`);
    const reports = await Promise.all(
      ["1/3", "2/3", "3/3"].map(async (shard) => {
        const ended = await run(["drift", fleet, "--json", "--shard", shard, "--tenants", "spare"]);
        assert.equal(ended.code, 7, ended.stderr);
        const { drifted, unmanaged } = JSON.parse(ended.stdout) as Record<"drifted" | "unmanaged", { id: string }[]>;
        return { drifted: drifted.map(({ id }) => id), unmanaged: unmanaged.map(({ id }) => id) };
      }),
    );
    assert.deepEqual(reports.flatMap(({ drifted }) => drifted).sort(), [...MANY].sort());
    assert.deepEqual(reports.flatMap(({ unmanaged }) => unmanaged).sort(), [CONTOSO, FABRIKAM, "spare"].sort());
    const plan = await run(["plan", fleet, "--shard", "4/3"]);
    assert.equal(plan.code, 1);
    assert.match(plan.stderr, /It must be i\/n, such as 1\/4/);
  });

  it("tell unmanaged objects apart from drift, unless asked to fail on them", async () => {
    const drift = await run(["drift", file(FLEET), "--json", "--fail-on", "unmanaged"]);
    assert.equal(drift.code, 7);
    assert.equal((JSON.parse(drift.stdout) as { clean: boolean }).clean, false);
  });

  it("tell what is missing, and that up would refuse", async () => {
    await simulator.admin.deleteTenant("foo");
    const fleet = file(FLEET.replace(CONTOSO, LOST));
    const drift = await run(["drift", fleet, "--json"]);
    assert.equal(drift.code, 7);
    assert.deepEqual((JSON.parse(drift.stdout) as { drifted: unknown[] }).drifted, [
      { kind: "customer", id: LOST, name: "contoso", property: null, declared: "present", actual: null },
      { kind: "tenant", id: "foo", name: "foo", property: null, declared: "present", actual: null },
    ]);
    const plan = await run(["plan", fleet]);
    assert.equal(plan.code, 1);
    assert.match(plan.stdout, /up would refuse: customerGuid: there is no customer/);
  });

  it("tell that up would refuse to take licences away that service packs hand out, in plan and drift", async () => {
    await simulator.admin.patchTenant("foo", { userServices: { "Voice Mail": { maximum: 10, packsAllocated: 7 } } });
    const fleet = file(FLEET.replace("Voice Mail: unlimited", "Voice Mail: 0"));
    const refusal =
      /up would refuse: userServices\.Voice Mail: 0 is below the 7 handed out by service packs \(0 allocated now\)/;
    const [drift, plan] = await Promise.all([run(["drift", fleet]), run(["plan", fleet])]);
    assert.deepEqual([drift.code, plan.code], [7, 1]);
    assert.match(drift.stdout, refusal);
    assert.match(plan.stdout, refusal);
  });

  it("take an API that cannot be asked for an error, never for drift", async () => {
    await simulator.admin.faults({ path: "licenses", count: -1, fault: { kind: "status", status: 500 } });
    const drift = await run(["drift", file(FLEET), "--json"]);
    assert.equal(drift.code, 1);
    const { errors, drifted } = JSON.parse(drift.stdout) as {
      errors: { name: string; message: string }[];
      drifted: unknown[];
    };
    assert.deepEqual(drifted, []);
    assert.deepEqual(
      errors.map(({ name }) => name),
      ["foo"],
    );
    assert.match(errors[0]?.message ?? "", /licenses\/ answered 500/);
  });

  it("ask nothing where the file has mistakes, and name each with file, line and column", async () => {
    const fleet = file(
      FLEET.replace("licensedUsersCount: 50", "licensedUsersCount: many").replace("Call Pickup: 5", "Call Pickup: -1"),
    );
    const [validate, json, plan] = await Promise.all([
      run(["validate", fleet], {}),
      run(["validate", fleet, "--json"], {}),
      run(["plan", fleet]),
    ]);
    assert.equal(validate.code, 1);
    assert.match(
      validate.stdout,
      /licenses\.yaml:2:\d+ customers\.contoso\.licensedUsersCount: must be a whole number/,
    );
    assert.match(validate.stdout, /licenses\.yaml:5:\d+ tenants\.foo\.groupServices\.Call Pickup: must be `unlimited`/);
    assert.match(validate.stdout, /^2 mistakes in /m);
    assert.equal(json.code, 1);
    const { valid, mistakes } = JSON.parse(json.stdout) as {
      valid: boolean;
      mistakes: { line: number; path: string }[];
    };
    assert.equal(valid, false);
    assert.deepEqual(
      mistakes.map(({ line, path: where }) => [line, where]),
      [
        [2, "customers.contoso.licensedUsersCount"],
        [5, "tenants.foo.groupServices.Call Pickup"],
      ],
    );
    assert.equal(plan.code, 1);
    assert.match(plan.stderr, /^error: .* has mistakes; neither system was contacted\.$/m);
    assert.deepEqual(await simulator.admin.requests(), []);
  });

  it("refuse a file that declares nothing, unless --allow-empty", async () => {
    const empty = path.join(folder, "empty.yaml");
    writeFileSync(empty, "# nothing yet\n");
    for (const command of ["validate", "drift", "plan"]) {
      const [refused, allowed] = await Promise.all([run([command, empty]), run([command, empty, "--allow-empty"])]);
      assert.deepEqual([refused.code, allowed.code], [1, 0], command);
      assert.match(
        refused.stdout + refused.stderr,
        /empty\.yaml:1:1 declares no customer and no tenant, .* permit it with --allow-empty/,
      );
      const warning = command === "validate" ? "" : `warning: ${empty} declares no customer and no tenant\n`;
      assert.equal(allowed.stderr, warning);
    }
  });

  it("warn of an --ignore that fits nothing, with the same exit code", async () => {
    const fitting = ["customers.contoso", "tenants.*.groupServices.Call*", "unmanaged.customers.Fab*", "*"];
    const idle = ["tenants.lab-*", "unmanaged.customers.x"];
    const drift = await run(["drift", file(FLEET), ...[...fitting, ...idle].flatMap((one) => ["--ignore", one])]);
    assert.equal(drift.code, 0, drift.stderr + drift.stdout);
    assert.equal(drift.stderr, idle.map((one) => `warning: --ignore ${one} matches nothing\n`).join(""));
  });

  it("validate offline, without any setting", async () => {
    const { code, stdout } = await run(["validate", file(FLEET)], {});
    assert.equal(code, 0);
    assert.match(stdout, /: 1 customer and 1 tenant, no mistakes\.$/m);
  });

  it("export and report refuse a tenant that is not there, and write nothing; a file is replaced only by force", async () => {
    const output = path.join(folder, "exported.yaml");
    const [missing, report] = await Promise.all([
      run(["export", "--tenants", "foo,nowhere", "--output", output]),
      run(["report", "--tenants", "nowhere", "--output", path.join(folder, "report")]),
    ]);
    for (const { code, stderr } of [missing, report]) {
      assert.equal(code, 1);
      assert.match(stderr, /^error: The gateway answers 404 when asked for tenant nowhere: check its id/);
    }
    assert.ok(!existsSync(output) && !existsSync(path.join(folder, "report")));
    assert.equal((await run(["export", "--tenants", "foo", "--output", output])).code, 0);
    const again = await run(["export", "--tenants", "foo", "--output", output]);
    assert.deepEqual([again.code, again.stderr], [1, `error: ${output} already exists: give --force to replace it.\n`]);
    const before = readFileSync(output, "utf8");
    assert.equal((await run(["export", "--tenants", "foo", "--output", output, "--force"])).code, 0);
    assert.equal(readFileSync(output, "utf8"), before);
  });

  it("refuse, by its option, a path that is not what the option takes, before anything is asked", async () => {
    const output = path.join(folder, "there.txt");
    writeFileSync(output, "");
    const [isFile, belowFile, isMissing, isFolder] = await Promise.all([
      run(["report", "--output", output]),
      run(["report", "--output", path.join(output, "below")]),
      run(["drift", file(FLEET), "--tenants-file", "nope.txt"]),
      run(["report", "--output", path.join(folder, "never"), "--tenants-file", folder]),
    ]);
    const fix = "give the path of a directory; it is created if necessary.";
    const tenantsFix = "give the path of a text file in UTF-8 with one tenant id a line.";
    assert.deepEqual(
      [isFile, belowFile, isMissing, isFolder].map(({ stderr }) => stderr),
      [
        `error: --output ${output} is a file: ${fix}\n`,
        `error: --output ${output}/below cannot be created, because ${output} is a file: ${fix}\n`,
        `error: --tenants-file nope.txt does not exist: ${tenantsFix}\n`,
        `error: --tenants-file ${folder} is a directory: ${tenantsFix}\n`,
      ],
    );
    assert.ok([isFile, belowFile, isMissing, isFolder].every(({ code, stdout }) => code === 1 && stdout === ""));
    assert.deepEqual(await simulator.admin.requests(), []);
  });

  it("refuse a list that names no tenant, ask nothing and write nothing", async () => {
    const list = path.join(folder, "nobody.txt");
    writeFileSync(list, "# to be filled in\n");
    const output = path.join(folder, "nobody");
    const history = path.join(folder, "nobody.jsonl");
    for (const command of [
      ["export", "--output", output],
      ["report", "--output", output, "--history", history],
      ["metrics", "--output", output, "--history", history],
      ["drift", file(FLEET), "--format", "markdown"],
    ]) {
      for (const named of ["--tenants=", "--tenants=,", `--tenants-file=${list}`]) {
        const { code, stdout, stderr } = await run([...command, named]);
        assert.deepEqual([code, stdout], [1, ""]);
        assert.match(stderr, /^error: --tenants(?:-file .*)? names no tenant: give at least one id, .*\n$/);
      }
    }
    assert.deepEqual([existsSync(output), existsSync(history)], [false, false]);
    assert.deepEqual(await simulator.admin.requests(), []);
  });

  it("report prints JSON without a directory, and needs one of the two", async () => {
    const { code, stdout, stderr } = await run(["report", file(FLEET), "--json"]);
    assert.deepEqual([code, stderr], [0, ""]);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    assert.equal(report["version"], 1);
    const { stdout: help } = await run(["report", "--help"]);
    const [, shape = ""] = /--json +print JSON: \{([^}]*)\}/.exec(help) ?? [];
    assert.deepEqual(shape.split(/[,\s]+/), Object.keys(report));
    const neither = await run(["report", file(FLEET)]);
    assert.deepEqual([neither.code, neither.stdout], [1, ""]);
    assert.match(neither.stderr, /^error: report needs --output FOLDER, to write the page, or --json\.\n$/);
  });

  it("report the tenants of a fleet file, as a page, CSV and JSON", async () => {
    const output = path.join(folder, "usage");
    const { code, stdout } = await run(["report", file(FLEET), "--output", output, "--json"]);
    assert.equal(code, 0);
    assert.equal((JSON.parse(stdout) as { services: unknown[] }).services.length, 3);
    assert.deepEqual(readdirSync(output).sort(), ["customers.csv", "index.html", "services.csv", "usage.json"]);
    assert.deepEqual(await writes(), []);
  });

  it("name the settings that are missing, and a file that is not there, without a stack", async () => {
    const [settings, missing, unknown] = await Promise.all([
      run(["drift", file(FLEET)], {}),
      run(["plan", path.join(folder, "nowhere.yaml")]),
      run(["drift"]),
    ]);
    for (const { code, stdout } of [settings, missing, unknown]) {
      assert.deepEqual([code, stdout], [1, ""]);
    }
    assert.deepEqual(
      [
        "LIVE_PLATFORM_BASE_URL",
        "LIVE_PLATFORM_CLIENT_SECRET",
        "TENANT_GATEWAY_BASE_URL",
        "TENANT_GATEWAY_PASSWORD",
      ].filter((name) => !settings.stderr.includes(`${name} is missing`)),
      [],
    );
    assert.doesNotMatch(settings.stderr, /pulumi config/);
    assert.match(missing.stderr, /^error: .*nowhere\.yaml does not exist: give the path of a fleet file/);
    assert.match(unknown.stderr, /missing required argument 'file'/);
    assert.doesNotMatch(settings.stderr + missing.stderr + unknown.stderr, /^\s+at /m);
  });

  it("need no setting of a system of which nothing is declared", async () => {
    const gatewayAlone = Object.fromEntries(
      Object.entries(simulator.environment).filter(([name]) => !name.startsWith("LIVE_")),
    );
    const { code, stdout } = await run(["drift", file(FLEET.slice(FLEET.indexOf("tenants:")))], gatewayAlone);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^1 object as declared, 21 unmanaged\.$/m);
  });
});
