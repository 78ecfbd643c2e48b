import { shownPath } from "../../provider/run/mistake";
import type { Assessment } from "../assessment";

/** The contract's form of a drift report, version 1; `clean` is what decides the exit code, errors aside. */
export function driftJson(assessment: Assessment, clean: boolean): string {
  const { objects, unmanaged, errors } = assessment;
  return JSON.stringify(
    {
      version: 1,
      clean,
      drifted: objects.flatMap(({ kind, id, name, differences }) =>
        differences.map(({ property, declared, actual }) => ({ kind, id, name, property, declared, actual })),
      ),
      calls: objects.flatMap(({ kind, id, name, calls }) => calls.map((call) => ({ kind, id, name, call }))),
      refused: objects.flatMap(({ kind, id, name, refusals }) =>
        refusals.map(({ path, message }) => ({ kind, id, name, property: shownPath(path), reason: message })),
      ),
      unmanaged,
      errors,
    },
    undefined,
    2,
  );
}

/** A plan for programs, version 1. */
export function planJson({ objects, errors }: Assessment): string {
  return JSON.stringify(
    {
      version: 1,
      calls: objects.flatMap(({ kind, id, name, calls }) => calls.map((call) => ({ kind, id, name, call }))),
      refused: objects.flatMap(({ kind, id, name, refusals }) =>
        refusals.map(({ path, message }) => ({ kind, id, name, property: shownPath(path), reason: message })),
      ),
      unchanged: objects.filter(({ calls, refusals }) => calls.length === 0 && refusals.length === 0).length,
      errors,
    },
    undefined,
    2,
  );
}
