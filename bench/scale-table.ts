import { readFileSync } from "node:fs";
import type { Sample } from "./results";
import { fleetSeconds, type Measured, stackSeconds } from "./scale";

const RESOURCES = 100_000;
const JOBS = 20;
const SHARDS = [100, 300, 500, 1000];
const RATES = [10, 100, 1000];
/** Observe, change, verify; preview reads once more. */
const REQUESTS_EACH = 4;

/** `node -r ts-node/register bench/scale-table.ts results.json…`: what a fleet of 100,000 tenants would take, from what was measured. */
function main(files: readonly string[]): void {
  const samples = files.flatMap(
    (file) => (JSON.parse(readFileSync(file, "utf8")) as { readonly results: readonly Sample[] }).results,
  );
  const ours = samples.filter(({ kind, side }) => kind === "tenants" && side === "dynamic");
  const preview = secondsOf(ours, "preview of change");
  const change = secondsOf(ours, "change");
  const rows = SHARDS.map((shard) => {
    const engine = stackSeconds(shard, preview) + stackSeconds(shard, change);
    const both: Measured[] = [
      { size: shard, seconds: engine },
      { size: shard * 2, seconds: engine },
    ];
    const totals = RATES.map((requestsPerSecond) =>
      fleetSeconds({ resources: RESOURCES, shard, jobs: JOBS, requestsPerSecond, requestsEach: REQUESTS_EACH }, both),
    );
    return [shard, Math.ceil(RESOURCES / shard), `${engine.toFixed(0)} s`, ...totals.map(shownTime)];
  });
  const head = ["tenants a stack", "stacks", "one stack", ...RATES.map((rate) => `${rate} requests/s`)];
  const lines = [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

function secondsOf(samples: readonly Sample[], operation: string): Measured[] {
  return samples.filter((sample) => sample.operation === operation);
}

function shownTime(seconds: number): string {
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

main(process.argv.slice(2));
