// @ts-check
// `npm run demo`: the main job by the real Pulumi CLI, against the simulator: up, again, drift, repair.
import { createRequire } from "node:module";
import process from "node:process";
import { demoStack } from "./lib/demo-stack.mjs";
import { main } from "./lib/main.mjs";
import { root } from "./lib/root.mjs";
import { setUp } from "./lib/set-up.mjs";

/** Long enough to watch, short enough to wait for. */
const TASK_DURATION = "12s";
const CONTOSO = "d5253892-1c1e-4b23-89d7-29d86734c31b";

/** The exit code by which Pulumi says that something has drifted. */
const DRIFT = 7;

await main(async () => {
  const cli = await setUp();
  /** @type {typeof import("../simulator/index.js")} */
  const { startSimulator } = createRequire(import.meta.url)(`${root}/dist/simulator/index.js`);
  const simulator = await startSimulator({ taskDuration: TASK_DURATION });
  const stack = demoStack(cli, simulator.environment);
  try {
    await play(stack, `${simulator.url}/_simulator`);
  } finally {
    stack.remove();
    await simulator.close();
  }
});

/**
 * @param {import("./lib/demo-stack.mjs").DemoStack} stack
 * @param {string} admin where the simulator is edited behind Pulumi's back
 */
async function play(stack, admin) {
  title("Two systems, simulated: an AudioCodes Live Platform and a BroadWorks gateway");
  tell("Contoso holds OC Essential; tenant foo has Hunt Group 3 and Call Pickup 3. licenses.yaml declares:");
  tell("  contoso: OC Pro, 50 users, with an App Registration");
  tell("  foo: Hunt Group unlimited, Call Pickup 5, Call Forwarding Busy 7, no Anonymous Call Rejection");
  await stack.prepare();

  title("1. pulumi up: the preview shows the calls; then they are made, and the task is awaited");
  await stack.run(["up", "--yes"]);

  title("2. pulumi up again: nothing has changed, so nothing is sent, not even a read");
  const before = (await requests(admin)).length;
  await stack.run(["up", "--yes", "--skip-preview", "--expect-no-changes"]);
  tell(`Requests that the APIs received meanwhile: ${(await requests(admin)).length - before}`);

  title("3. Somebody edits behind Pulumi's back: 50 users become 60, Hunt Group gets a maximum of 9");
  await edit(`${admin}/customers/${CONTOSO}`, { licensedUsersCount: 60 });
  await edit(`${admin}/tenants/foo`, { groupServices: { "Hunt Group": { maximum: 9 } } });
  await stack.run(["refresh", "--preview-only", "--expect-no-changes", "--diff"], DRIFT);
  tell(`Exit code ${DRIFT}: drift. A pipeline can distinguish it from an error (1) and from no drift (0).`);

  title("4. pulumi up --refresh: repairs what differs, and only that");
  await stack.run(["up", "--yes", "--refresh"]);

  title("What the two APIs received");
  for (const line of summary(await requests(admin))) {
    tell(line);
  }

  title("What to try next");
  tell("Edit licenses.yaml (another count, another service, a wrong name) and run `npm run demo` again.");
  tell("Keep the systems running:   npx pulumi-voice-licenses simulate");
  tell("Then, in another shell:     paste the export lines that it prints");
  tell("                            export PULUMI_BACKEND_URL='file://~' PULUMI_CONFIG_PASSPHRASE=any");
  tell("                            npm run pulumi -- stack init try");
  tell("                            npm run pulumi -- config set --secret contosoAppSecret any-secret");
  tell("                            npm run pulumi -- up");
  tell("In a project of your own:   examples/quickstart, and the README.");
}

/** @typedef {{ n: number, api: string, method: string, path: string, status: number | null, body: unknown }} Entry */

/**
 * @param {string} admin
 * @returns {Promise<Entry[]>}
 */
async function requests(admin) {
  const answer = await fetch(`${admin}/requests`);
  return /** @type {Entry[]} */ (await answer.json());
}

/**
 * Every write with its body; reads and logins as counts between them.
 * @param {readonly Entry[]} entries
 * @returns {string[]}
 */
function summary(entries) {
  /** @type {string[]} */
  const lines = [];
  let reads = 0;
  const flush = () => {
    if (reads > 0) {
      lines.push(`      … ${reads} more: logins, reads, looks at the task`);
      reads = 0;
    }
  };
  for (const entry of entries) {
    const isWrite = (entry.api === "livePlatform" || entry.api === "gateway") && entry.method !== "GET";
    if (isWrite) {
      flush();
      lines.push(`${entry.method.padEnd(5)} ${entry.path} → ${entry.status ?? "no answer"}`);
      lines.push(`      ${JSON.stringify(entry.body)}`);
    } else {
      reads += 1;
    }
  }
  flush();
  return lines;
}

/**
 * @param {string} url
 * @param {unknown} body
 */
async function edit(url, body) {
  const answer = await fetch(url, {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) {
    throw new Error(`The simulator refused an edit: ${await answer.text()}`);
  }
}

/** @param {string} text */
function title(text) {
  const colored = process.stdout.isTTY && !process.env["NO_COLOR"] ? `\u001b[1m${text}\u001b[0m` : text;
  process.stdout.write(`\n${colored}\n${"─".repeat(Math.min(text.length, 80))}\n`);
}

/** @param {string} text */
function tell(text) {
  process.stdout.write(`${text}\n`);
}
