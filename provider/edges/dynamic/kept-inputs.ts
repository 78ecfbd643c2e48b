import { Refusal } from "../../run/failures";
import type { LicenseResource } from "../../run/license-resource";
import type { Mistake } from "../../run/mistake";
import type { Properties } from "../../run/properties";

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
): { readonly inputs: Properties; readonly mistakes: readonly Mistake[] } {
  const checked = resource.check(news);
  if (checked.mistakes.length === 0 || Object.keys(olds).length === 0) {
    return checked;
  }
  const inState = new Set(resource.check(olds).mistakes.map(keyOf));
  const names = kept?.map((path) => /^[^.[]+/.exec(path)?.[0] ?? path);
  const isKept = (mistake: Mistake): boolean => {
    const [name] = mistake.path;
    const isIgnored = names === undefined || (name === undefined ? names.length > 0 : names.includes(String(name)));
    return isIgnored && inState.has(keyOf(mistake));
  };
  const passed = checked.mistakes
    .filter(isKept)
    .flatMap(({ path: [name] }) => (name === undefined ? [] : String(name)));
  return {
    inputs: {
      ...checked.inputs,
      ...Object.fromEntries(passed.map((name) => [name, olds[name]])),
    },
    mistakes: checked.mistakes.filter((mistake) => !isKept(mistake)),
  };
}

/**
 * Refuses to bring an object to inputs that nobody can declare.
 * @throws {Refusal} where `ignoreChanges` has kept such inputs.
 */
export function refuseUndeclarable(resource: LicenseResource, inputs: Properties): void {
  const { mistakes } = resource.check(inputs);
  if (mistakes.length > 0) {
    throw new Refusal(
      mistakes.map((mistake) => ({
        ...mistake,
        message: `${mistake.message} State holds this value because of ignoreChanges: declare one that can be set, and take the input out of ignoreChanges.`,
      })),
    );
  }
}

function keyOf({ path, message }: Mistake): string {
  return JSON.stringify([path, message]);
}
