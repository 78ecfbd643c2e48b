import { isPlainObject } from "../../text/plain-object";
import type { Properties } from "../../resource/properties";

/** How one property differs from state. */
export type PathChange = "add" | "delete" | "update";

/** What is compared: outputs hold what was applied, old inputs tell which of them a program has declared. */
export interface Compared {
  readonly outputs: Properties;
  readonly oldInputs: Properties;
  readonly inputs: Properties;
}

/**
 * The paths at which the inputs named differ from state, as the engine writes them: `licensedUsersCount`,
 * `groupServices["Hunt Group"]`.
 */
export function changedPaths(names: readonly string[], compared: Compared): ReadonlyMap<string, PathChange> {
  const changes = new Map<string, PathChange>();
  for (const name of names) {
    const wasDeclared = compared.oldInputs[name] !== undefined;
    const isDeclared = compared.inputs[name] !== undefined;
    if (wasDeclared || isDeclared) {
      compareAt(name, compared.outputs[name], compared.inputs[name], changes);
    }
  }
  return changes;
}

function compareAt(path: string, before: unknown, after: unknown, changes: Map<string, PathChange>): void {
  if (isPlainObject(before) && isPlainObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compareAt(`${path}[${JSON.stringify(key)}]`, before[key], after[key], changes);
    }
  } else if (before !== after) {
    changes.set(path, before === undefined ? "add" : after === undefined ? "delete" : "update");
  }
}
