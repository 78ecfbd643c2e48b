import { withoutCommands } from "../text/pipeline-commands";
import { shown } from "../text/shown";
import type { EngineLog } from "./engine-log";

/** The longest line that is shown, in characters: a message may list names that were each cut before. */
const LONGEST_LINE = 4000;

/** The last step before a text leaves for a terminal or a pipeline's log, whatever is in it; its lines stay lines. */
export function safeText(text: string): string {
  const lines = text.split("\n").map((line) => shown(line.replaceAll("\t", "  "), LONGEST_LINE));
  return withoutCommands(lines.join("\n"));
}

/** A log whose texts are safe to show: without secrets, control characters and commands of a pipeline. */
export function safeLog(log: EngineLog, redact: (text: string) => string): EngineLog {
  return {
    log: (kind, text, urn) => {
      log.log(kind, safeText(redact(text)), urn);
    },
    shown: () => log.shown(),
  };
}
