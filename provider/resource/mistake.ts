import { shownKey } from "../text/shown";

/** Why an input, or what it asks for, is refused: a value from the place that finds it to the edge that shows it. */
export interface Mistake {
  /** The input that the engine may name and print; `""` where its value is a secret, a whole map, or no one input is to blame. */
  readonly property: string;
  /** Where it is: `["licensedUsersCount"]`, `["groupServices", "Hunt Group"]`, `["groupServices", 3]`; empty for the whole resource. */
  readonly path: Path;
  /** What is wrong and how to fix it, without the path. Never the value of a secret. */
  readonly message: string;
}

/** The names of properties, and the places in lists, that lead to a value. */
export type Path = readonly (string | number)[];

/** A mistake in one input that the engine may name and print. */
export function mistakeIn(property: string, message: string): Mistake {
  return { property, path: [property], message };
}

/** A mistake in the resource as a whole. */
export function mistakeInAll(message: string): Mistake {
  return { property: "", path: [], message };
}

/** A path for people: `groupServices.Hunt Group`, `groupServices[3]`; empty for the whole resource. */
export function shownPath(path: Path): string {
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${shownKey(part)}`))
    .join("");
}

/** A mistake for people: `groupServices.Hunt Group: 5 is below the 8 allocated`. */
export function shownMistake({ path, message }: Pick<Mistake, "path" | "message">): string {
  return path.length === 0 ? message : `${shownPath(path)}: ${message}`;
}
