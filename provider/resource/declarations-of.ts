import { Declarations, type DeclarationsOptions } from "./declarations";
import { RunBoard } from "./run-board";

/** A plugin process, as it takes part in a run. */
export interface Participant extends Omit<DeclarationsOptions, "board"> {
  /** The engine's address; `undefined` where there is none. */
  readonly engine: string | undefined;
  /** Where the processes of a run meet. @default a folder of this user */
  readonly folder?: string | undefined;
}

/** What a plugin process knows of the declarations of its run. */
export function declarationsOf({ engine, folder, ...options }: Participant): Declarations {
  // Only the preview of an update shows the same program: `pulumi watch` runs one after another.
  const cli = options.cli?.command === "up" ? options.cli : undefined;
  const board = engine === undefined ? undefined : new RunBoard({ engine, cli, folder });
  return new Declarations({ ...options, board });
}
