import { createHash } from "node:crypto";
import { SECTIONS } from "../provider/kinds";
import { type DeclaredFleet, FLEET_KINDS, fleetOf } from "./kinds";

/** One of several equal parts of a fleet: `2/8` is the second of eight. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number;
  readonly count: number;
}

/** The inputs that say what becomes of a licence that is no longer declared. */
const REMOVAL_POLICIES = ["onDestroy", "onServiceRemoved"];

/** The most parts that are taken. */
const MOST = 10_000;

/** Reads `i/n`, or gives `undefined` where it is none. */
export function parseShard(text: string): Shard | undefined {
  const [, first = "", second = ""] = /^\s*(\d{1,5})\/(\d{1,5})\s*$/.exec(text) ?? [];
  const [index, count] = [Number(first), Number(second)];
  return index >= 1 && count >= index && count <= MOST ? { index, count } : undefined;
}

/**
 * Whether an object belongs to a part: by its id at its system alone, so that it stays where it is whatever the resource is called and
 * whatever else is declared. All resources of one object are in the same part.
 *
 * @param id Its id as resources have it, so GUIDs in lower case.
 */
export function isInShard(id: string, { index, count }: Shard): boolean {
  return createHash("sha256").update(id).digest().readUIntBE(0, 6) % count === index - 1;
}

/** A part of a fleet. */
export function shardOf(fleet: DeclaredFleet, shard: Shard): DeclaredFleet {
  return fleetOf((section) =>
    fleet[section].filter((declared) => isInShard(FLEET_KINDS[section].idOf(declared), shard)),
  );
}

/**
 * Why a fleet cannot be declared in parts, if so: with another number of parts an object moves from one stack to another, and the one
 * that it leaves would do what its policy says.
 */
export function refuseSharding(fleet: DeclaredFleet): string | undefined {
  const removing = SECTIONS.flatMap((section) =>
    fleet[section].flatMap(({ name, inputs }) => {
      const given: Readonly<Record<string, unknown>> = inputs;
      return REMOVAL_POLICIES.flatMap((policy) =>
        (given[policy] ?? "retain") === "retain" ? [] : [`${section}.${name}.${policy}`],
      );
    }),
  );
  if (removing.length === 0) {
    return undefined;
  }
  const more = removing.length > 5 ? ` and ${removing.length - 5} more` : "";
  return (
    `voice-licenses:shard takes no removal policy but retain, because another number of parts moves objects between stacks: ` +
    `${removing.slice(0, 5).join(", ")}${more}. Declare retain there, or take voice-licenses:shard out.`
  );
}
