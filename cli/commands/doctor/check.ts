/** How one check ended: passed, failed, or not made because the system is not configured or an earlier check failed. */
type CheckStatus = "ok" | "FAIL" | "skipped";

/** One line of the doctor's. */
export interface Check {
  /** `Live Platform`, `token service`, `tenant gateway`. */
  readonly system: string;
  /** What was checked: `settings`, `TLS`. */
  readonly name: string;
  readonly status: CheckStatus;
  /** What was found, or what failed and how to fix it. */
  readonly detail: string;
}

/** The outcome of one check, by the check itself. */
export type Finding = Pick<Check, "status" | "detail">;

/** A check passed. */
export function ok(detail: string): Finding {
  return { status: "ok", detail };
}

/** A check failed. */
export function fail(detail: string): Finding {
  return { status: "FAIL", detail };
}

/** A check was not made. */
export function skipped(detail: string): Finding {
  return { status: "skipped", detail };
}

/** One check to make. */
export interface Step {
  readonly system: string;
  readonly name: string;
  /** Gives `undefined` where there is nothing to check. */
  readonly run: () => Finding | undefined | Promise<Finding | undefined>;
}

/** Makes checks one after the other; what follows a failure is skipped, because it would fail for the same reason. */
export async function runSteps(steps: readonly Step[]): Promise<Check[]> {
  const checks: Check[] = [];
  let failed: string | undefined;
  for (const { system, name, run } of steps) {
    const finding = failed === undefined ? await run() : skipped(`because "${failed}" failed`);
    if (finding !== undefined) {
      checks.push({ system, name, ...finding });
    }
    if (finding?.status === "FAIL") {
      failed ??= `${system}: ${name}`;
    }
  }
  return checks;
}

/** The checks, a line each; those that one failure left out share a line. */
export function checkLines(checks: readonly Check[]): string[] {
  const groups: [Check, ...Check[]][] = [];
  for (const check of checks) {
    const group = groups.at(-1);
    if (check.status === "skipped" && group?.[0].detail === check.detail) {
      group.push(check);
    } else {
      groups.push([check]);
    }
  }
  return groups.map((group) => {
    const [{ status, detail }] = group;
    const { system } = group.at(-1) ?? group[0];
    const names = new Set(group.map((check) => (check.system === system ? check.name : check.system)));
    return `${status.padEnd(7)}  ${system}: ${[...names].join(", ")}: ${detail}`;
  });
}
