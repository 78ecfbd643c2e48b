import { styleText } from "node:util";
import { type Paint, plain, type TextKind } from "../assessment/formats/paint";

const STYLES = {
  heading: "bold",
  declared: "green",
  actual: "red",
  call: "cyan",
  refusal: "yellow",
  error: "red",
  good: "green",
  bad: "red",
} as const satisfies Record<TextKind, string>;

/** What a terminal offers; a pipe or a file has no such method. */
interface Stream {
  readonly hasColors?: () => boolean;
}

/** Colours where `stream` is a terminal that has them. Node itself obeys `NO_COLOR`, `FORCE_COLOR` and `TERM=dumb` there. */
export function paintFor(stream: Stream): Paint {
  return stream.hasColors?.() === true
    ? (kind, text) => styleText(STYLES[kind], text, { validateStream: false })
    : plain;
}
