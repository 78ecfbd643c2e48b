import { globSync } from "tinyglobby";

/** The sources that are changed: what decides over licences, and what decides whether a request is repeated. */
export const SOURCES: readonly string[] = [
  "provider/{customer,tenant}/{plan,apply}.ts",
  "provider/customer/{operation,task-status,calls,remove}.ts",
  "provider/tenant/update.ts",
  "provider/systems/transport/retry-policy.ts",
  "provider/resource/reduction-brake.ts",
];

/** The tests that have to notice: what decides is tested where it is decided. Sweeps and the real CLI are a second net. */
export const TESTS: readonly string[] = ["test/{resources,run}/*.test.ts", "test/apis/transport/retry-policy.test.ts"];

/** The share of mutants that the tests must notice, equivalent ones apart: to be raised with each run that notices more. */
export const FLOOR = 0.83;

/**
 * The files of some patterns, braces being alternatives, sorted.
 * @throws where a pattern, or one of its alternatives, matches no file: it was moved.
 */
export function filesOf(root: string, patterns: readonly string[]): string[] {
  const files = patterns.flatMap(alternatives).map((pattern) => {
    const found = globSync(pattern, { cwd: root });
    if (found.length === 0) {
      throw new Error(`${pattern} matches no file: correct tools/mutation/targets.ts.`);
    }
    return found;
  });
  return [...new Set(files.flat())].sort();
}

/** `{a,b}.ts` as `a.ts` and `b.ts`. */
function alternatives(pattern: string): string[] {
  const [all, choice = ""] = /\{([^{}]*)\}/.exec(pattern) ?? [];
  return all === undefined ? [pattern] : choice.split(",").flatMap((one) => alternatives(pattern.replace(all, one)));
}
