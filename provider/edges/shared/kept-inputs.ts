import { Refusal } from "../../run/failures";
import type { LicenseResource } from "../../run/license-resource";
import type { Mistake } from "../../run/mistake";
import type { Properties } from "../../run/properties";

/** Checked inputs, with what is wrong with them, and what would be if `ignoreChanges` had not kept it. */
export interface CheckedInputs {
  readonly inputs: Properties;
  readonly mistakes: readonly Mistake[];
  readonly passed: readonly Mistake[];
}

/**
 * Checks inputs. With `ignoreChanges` the engine puts what state has in place of what the program says, and after a refresh that may be
 * something that nobody can declare, such as OC Essential: it is not the program's mistake, so it passes as it is.
 *
 * @param kept The paths in `ignoreChanges`; `undefined` where they are not known.
 */
export function checkInputs(
  resource: LicenseResource,
  news: Properties,
  olds: Properties,
  kept: readonly string[] | undefined,
): CheckedInputs {
  const checked = resource.check(news);
  if (checked.mistakes.length === 0 || Object.keys(olds).length === 0) {
    return { ...checked, passed: [] };
  }
  const inState = new Set(resource.check(olds).mistakes.map(keyOf));
  const ignored = kept?.map((path) => /^[^.[]+/.exec(path)?.[0] ?? path);
  const isKept = (mistake: Mistake): boolean => {
    const [name] = mistake.path;
    const isIgnored =
      ignored === undefined || (name === undefined ? ignored.length > 0 : ignored.includes(String(name)));
    return isIgnored && inState.has(keyOf(mistake));
  };
  const passed = checked.mistakes.filter(isKept);
  const names = passed.flatMap(({ path: [name] }) => (name === undefined ? [] : String(name)));
  return {
    inputs: { ...checked.inputs, ...Object.fromEntries(names.map((name) => [name, olds[name]])) },
    mistakes: checked.mistakes.filter((mistake) => !isKept(mistake)),
    passed,
  };
}

/** Refuses to bring an object to inputs that passed only because `ignoreChanges` has kept them. */
export function undeclarable(passed: readonly Mistake[]): Refusal {
  const why =
    "State holds this because of ignoreChanges: declare a value that can be set, and stop ignoring the input.";
  return new Refusal(passed.map((mistake) => ({ ...mistake, message: `${mistake.message} ${why}` })));
}

function keyOf({ path, message }: Mistake): string {
  return JSON.stringify([path, message]);
}
