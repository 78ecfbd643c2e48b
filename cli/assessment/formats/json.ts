import { shownPath } from "../../../provider/resource/mistake";
import { jsonText } from "../../../provider/text/json-text";
import type { Assessment } from "../assessment";

/** The contract's form of a drift report, version 1; `clean` is what decides the exit code, errors aside. */
export function driftJson(assessment: Assessment, clean: boolean): string {
  const { objects, unmanaged, errors, ignored, notes } = assessment;
  return jsonText({
    version: 1,
    clean,
    drifted: objects.flatMap(({ kind, id, name, differences }) =>
      differences.map(({ property, declared, actual }) => ({ kind, id, name, property, declared, actual })),
    ),
    ...callsAndRefusals(assessment),
    unmanaged,
    ignored: ignored.length,
    notes,
    errors,
  });
}

/** A plan for programs, version 1. */
export function planJson(assessment: Assessment): string {
  const { objects, errors } = assessment;
  return jsonText({
    version: 1,
    ...callsAndRefusals(assessment),
    unchanged: objects.filter(({ calls, refusals }) => calls.length === 0 && refusals.length === 0).length,
    errors,
  });
}

function callsAndRefusals({ objects }: Assessment): object {
  return {
    calls: objects.flatMap(({ kind, id, name, calls }) => calls.map((call) => ({ kind, id, name, call }))),
    refused: objects.flatMap(({ kind, id, name, refusals }) =>
      refusals.map(({ path, message }) => ({ kind, id, name, property: shownPath(path), reason: message })),
    ),
  };
}
