import { shown } from "../../text/shown";
import type { Redactor } from "../transport/redact";

/** Hears what a client noticed that is no error: a row left out, a date that cannot be read. */
export type OnWarning = (text: string) => void;

/** More than this are not shown in one run: the rest would be of the same kind. */
const MOST_WARNINGS = 20;
const LONGEST_WARNING = 1000;

/** Passes warnings on: each once, at most {@link MOST_WARNINGS}, as one safe line without secrets. */
export function warnings(onWarning: OnWarning | undefined, redactor: Redactor): OnWarning {
  const given = new Set<string>();
  return (text) => {
    const line = shown(redactor.redact(text), LONGEST_WARNING);
    if (onWarning === undefined || given.has(line) || given.size > MOST_WARNINGS) {
      return;
    }
    given.add(line);
    onWarning(given.size > MOST_WARNINGS ? "Further warnings about what the systems answered are not shown." : line);
  };
}
