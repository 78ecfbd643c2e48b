import * as pulumi from "@pulumi/pulumi";
import type { Claim } from "../../resource/claim";
import { findEngineProcess } from "../../resource/engine-process";
import { RunBoard } from "../../resource/run-board";
import { ProgramMemory } from "./program-memory";

/** Where this run of the program meets its plugins; nowhere under mocks. */
const boards = new ProgramMemory(() => {
  const engine = engineAddress();
  return engine === undefined ? undefined : new RunBoard({ engine, cli: findEngineProcess() });
});

/** A resource that the program has made, before the engine hears of it. */
export interface Announced {
  /** The whole type token. */
  readonly type: string;
  readonly name: string;
  /** How messages call its provider instance. */
  readonly instance: string;
  /** Where its system is; `undefined` where the program does not know it. */
  readonly address: string | undefined;
  /** What plain arguments declare; what is an output is not known yet. */
  readonly claims: readonly Claim[];
}

/**
 * Leaves for all plugins of the run what a resource declares, as soon as the program has made it: the engine may show it to them only
 * after another resource has let go of the same object, or never, under `--target`.
 */
export function announce({ type, name, instance, address, claims }: Announced): void {
  const announced = { stage: "announced", owner: `${type}::${name}`, instance, address: address ?? null, claims };
  boards.ofThisRun()?.write(JSON.stringify(announced));
}

/** Runs a lookup that the program may wait for, so that plugins know that it will go on after it. */
export async function announcingLookup<T>(work: () => Promise<T>): Promise<T> {
  const board = boards.ofThisRun();
  board?.write(JSON.stringify({ lookups: 1 }));
  try {
    return await work();
  } finally {
    board?.write(JSON.stringify({ lookups: -1 }));
  }
}

/** The address at which plugins know the engine too. Pulumi's types do not show it. */
function engineAddress(): string | undefined {
  const getEngine: unknown = Reflect.get(pulumi.runtime, "getEngine");
  const engine: unknown = typeof getEngine === "function" ? Reflect.apply(getEngine, pulumi.runtime, []) : undefined;
  const channel = call(engine, "getChannel");
  const target = call(channel, "getTarget");
  return typeof target === "string" ? /(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$/.exec(target)?.[0] : undefined;
}

function call(object: unknown, method: string): unknown {
  const found: unknown = typeof object === "object" && object !== null ? Reflect.get(object, method) : undefined;
  return typeof found === "function" ? Reflect.apply(found, object, []) : undefined;
}
