import { Command, InvalidArgumentError } from "commander";
import { type JournalEntry, readSeedFile, SeedError, type Simulator, startSimulator } from "../../simulator";
import { noteLine, printLine } from "./output";
import { errorCode, UserError } from "./user-error";

interface SimulateOptions {
  readonly port?: number;
  readonly seed?: string;
  readonly taskDuration?: string;
  readonly latency?: number;
  readonly core?: true;
  readonly json?: true;
  readonly quiet?: true;
}

const EXAMPLES = `
Behaviour, faults and edits can be changed while it runs, below /_simulator:
see docs/development/simulator.md.

Examples:
  npx pulumi-voice-licenses simulate
  npx pulumi-voice-licenses simulate --port 4010 --task-duration 20s
  npx pulumi-voice-licenses simulate --seed my-seed.yaml --json
  npx pulumi-voice-licenses simulate --core

  In a script, with the environment in a file:
    npx pulumi-voice-licenses simulate > simulator.env &
    sleep 2; . ./simulator.env; pulumi up
`;

/** Assigned to no service, and outside the ranges from which systems take ports for outgoing connections. */
const DEFAULT_PORT = 18650;

const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) {
    throw new InvalidArgumentError("Give a number from 0 (any free port) to 65535.");
  }
  return port;
}

function readMilliseconds(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new InvalidArgumentError("Give whole milliseconds, for example 250.");
  }
  return Number(text);
}

function readDuration(text: string): string {
  if (!/^\d+(?:\.\d+)?(?:ms|s|m|h)$/.test(text)) {
    throw new InvalidArgumentError("Give a duration such as 500ms, 5s, 2m or 1h.");
  }
  return text;
}

/** The environment for a client of the simulator; loopback goes around a proxy where the shell has one. */
function environmentOf(simulator: Simulator): Readonly<Record<string, string>> {
  const variable = (name: string): string | undefined => process.env[name] ?? process.env[name.toLowerCase()];
  if (PROXY_VARIABLES.every((name) => (variable(name) ?? "") === "")) {
    return simulator.environment;
  }
  const hosts = (variable("NO_PROXY") ?? "").split(",").map((host) => host.trim());
  const all = [...new Set([...hosts, "127.0.0.1", "localhost"])].filter((host) => host !== "").join(",");
  return { ...simulator.environment, NO_PROXY: all, no_proxy: all };
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

function requestLine({ n, at, method, path, query, status, fault, scolded }: JournalEntry): string {
  const target = query === "" ? path : `${path}?${query}`;
  const remarks = [fault, scolded].filter((remark) => remark !== undefined).map((remark) => `  [${remark}]`);
  return `${at.slice(11, 23)}  #${n}  ${method} ${target}  ${status ?? "no answer"}${remarks.join("")}`;
}

async function start(options: SimulateOptions): Promise<Simulator> {
  const { port, seed, taskDuration, latency, core, quiet } = options;
  const startOn = (each: number): Promise<Simulator> =>
    startSimulator({
      port: each,
      ...(seed === undefined ? {} : { seed: readSeedFile(seed) }),
      ...(taskDuration === undefined ? {} : { taskDuration }),
      ...(latency === undefined ? {} : { latencyMs: latency }),
      core: core === true,
      ...(quiet === true
        ? {}
        : {
            onRequest: (entry) => {
              noteLine(requestLine(entry));
            },
          }),
    });
  try {
    return await (port === undefined ? startOnDefault(startOn) : startOn(port));
  } catch (error) {
    throw explained(error, options);
  }
}

/** The same port each time, so that what was exported stays right; any free one where another program has it. */
async function startOnDefault(startOn: (port: number) => Promise<Simulator>): Promise<Simulator> {
  try {
    return await startOn(DEFAULT_PORT);
  } catch (error) {
    if (errorCode(error) !== "EADDRINUSE") {
      throw error;
    }
    const simulator = await startOn(0);
    noteLine(`Port ${DEFAULT_PORT} is taken, by another simulator perhaps: this one listens on ${simulator.url}.`);
    return simulator;
  }
}

function explained(error: unknown, { port }: SimulateOptions): unknown {
  if (error instanceof SeedError) {
    return new UserError(error.message);
  }
  const code = errorCode(error);
  if (code === "EADDRINUSE") {
    return new UserError(`Port ${String(port)} is taken: give another one with --port, or --port 0 for any free one.`);
  }
  if (code === "EACCES") {
    return new UserError(`Port ${String(port)} is not allowed for this user: give one above 1023 with --port.`);
  }
  return error;
}

function announce(simulator: Simulator, { json, seed }: SimulateOptions): void {
  const environment = environmentOf(simulator);
  if (json === true) {
    printLine(JSON.stringify({ version: 1, url: simulator.url, environment }));
    return;
  }
  printLine(`# Live Platform and the tenant gateway, simulated with ${seed ?? "the demo seed"}: ${simulator.url}`);
  for (const [name, value] of Object.entries(environment)) {
    printLine(`export ${name}=${quoted(value)}`);
  }
  noteLine(
    "Paste the export lines into the shell where you run pulumi. Ctrl-C ends the simulator and forgets everything.",
  );
  noteLine(
    `What it holds: curl ${simulator.url}/_simulator/state; what it was asked: curl ${simulator.url}/_simulator/requests`,
  );
}

async function untilStopped(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once("SIGINT", () => {
      resolve();
    });
    process.once("SIGTERM", () => {
      resolve();
    });
  });
}

async function simulate(options: SimulateOptions): Promise<void> {
  const simulator = await start(options);
  const stopped = untilStopped();
  announce(simulator, options);
  await stopped;
  await simulator.close();
}

/** `voice-licenses simulate`: both APIs on loopback until Ctrl-C. */
export function simulateCommand(): Command {
  return new Command("simulate")
    .summary("run both APIs on this machine, to try things without a real system")
    .description(
      "Runs Live Platform, the tenant gateway and APIO Core on 127.0.0.1, in memory, and prints the environment that points the package at them.",
    )
    .option(
      "--port <number>",
      `the port to listen on; 0 takes any free one (default: ${DEFAULT_PORT}, or any free one where that is taken)`,
      readPort,
    )
    .option(
      "--seed <file>",
      "a YAML file with what the systems hold and how they behave, see docs/development/simulator.md (default: a demo with four customers and twelve tenants)",
    )
    .option(
      "--task-duration <duration>",
      "how long an upgrade takes: 500ms, 5s, 2m (default: the seed's, else 5s)",
      readDuration,
    )
    .option(
      "--latency <milliseconds>",
      "how long each call waits before it is looked at (default: the seed's, else 0)",
      readMilliseconds,
    )
    .option("--core", "print the environment that leads through APIO Core (the simulator serves both ways in any case)")
    .option("--json", "print one line of JSON, {version, url, environment}, in place of export lines")
    .option("--quiet", "do not print a line for each request")
    .allowExcessArguments(false)
    .addHelpText("after", EXAMPLES)
    .action(async (options: SimulateOptions) => {
      await simulate(options);
    });
}
