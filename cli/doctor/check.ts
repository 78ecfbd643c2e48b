/** How one check ended: passed, failed, or not made because it does not apply or an earlier one failed. */
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
  readonly run: () => Finding | Promise<Finding>;
}

/** Makes checks one after the other; what follows a failure is skipped, because it would fail for the same reason. */
export async function runSteps(steps: readonly Step[]): Promise<Check[]> {
  const checks: Check[] = [];
  let failed: string | undefined;
  for (const { system, name, run } of steps) {
    const finding = failed === undefined ? await run() : skipped(`because ${failed} failed`);
    checks.push({ system, name, ...finding });
    if (finding.status === "FAIL") {
      failed ??= `"${system}: ${name}"`;
    }
  }
  return checks;
}

/** A check as one line. */
export function checkLine({ system, name, status, detail }: Check): string {
  return `${status.padEnd(7)}  ${system}: ${name}: ${detail}`;
}
