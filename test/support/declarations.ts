import { Declarations } from "../../provider/resource/declarations";
import type { Clock } from "../../provider/time/clock";

/** What a plugin process knows that no engine has started: what it has checked itself. */
export function declarationsWithoutEngine(clock: Clock): Declarations {
  const instance = { label: () => "the default provider", addressOf: () => undefined };
  return new Declarations({ clock, board: undefined, cli: undefined, instance });
}
