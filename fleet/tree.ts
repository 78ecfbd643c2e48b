import { UNKNOWN_VALUE } from "../provider/resource/unknowns";
import type { Position } from "./mistake";

/** A whole number that begins with a zero. */
export const LEADING_ZERO = /^[-+]?0+\d/;

/** A single value. Which of its two readings counts is for whoever knows the field to say. */
export interface Scalar {
  readonly kind: "scalar";
  /** As it is written: `0042`, `yes` and `null` are themselves. */
  readonly text: string;
  /** By YAML's core rules where that makes a number or `true` or `false` of it, else the text. */
  readonly core: string | number | boolean;
  /** Written in quotes, as a block, or with `!!str`: text whatever it looks like. */
  readonly quoted: boolean;
}

/** A key without a value, or an empty file. */
export interface Empty {
  readonly kind: "empty";
}

/** Something that cannot be read, about which a mistake has been reported; what it was to be is not known. */
export interface Faulty {
  readonly kind: "faulty";
}

/** A list. */
export interface List {
  readonly kind: "list";
  readonly items: readonly Entry[];
}

/** A map; its keys are always text, as they are written. */
export interface Mapping {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Entry>;
}

/** A value and where it stands: in a map the place of its key, in a list its own. */
export interface Entry {
  readonly at: Position;
  readonly value: Tree;
  /** It stands in a profile or among the defaults, and was taken over from there. */
  readonly inherited?: true;
}

/** What a file holds, before anybody asks what it means. */
export type Tree = Scalar | Empty | Faulty | List | Mapping;

/**
 * A tree as plain values, each scalar by YAML's core rules. Keys become own properties, also one like `__proto__`.
 *
 * @param levels How many levels of lists and maps are followed; what is below is left out, because aliases to aliases can make a
 *   short text stand for more than fits into memory.
 */
export function coreValue(tree: Tree, levels: number): unknown {
  switch (tree.kind) {
    case "empty":
      return null;
    case "faulty":
      return UNKNOWN_VALUE;
    case "scalar":
      return tree.core;
    case "list":
      return levels === 0 ? [] : tree.items.map(({ value }) => coreValue(value, levels - 1));
    case "map":
      return Object.fromEntries(
        levels === 0 ? [] : [...tree.entries].map(([key, { value }]) => [key, coreValue(value, levels - 1)]),
      );
  }
}
