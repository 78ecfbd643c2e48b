import { cutOff } from "../provider/text/shown";

const REST = "\n… the rest is in the job's log.\n";

/**
 * The beginning of a Markdown text, of at most `most` characters: whole lines where there are any, with every fence and fold that is open
 * there closed, and a last line that says where the rest is.
 */
export function shortened(markdown: string, most: number): string {
  if (markdown.length <= most) {
    return markdown;
  }
  let kept = "";
  let closing = "";
  for (const line of markdown.split(/(?<=\n)/)) {
    const next = kept + line;
    const stillOpen = closingOf(next);
    if (next.length + stillOpen.length + REST.length > most) {
      break;
    }
    kept = next;
    closing = stillOpen;
  }
  if (kept === "") {
    // One endless line: cut where no character is cut in two.
    kept = cutOff(markdown, most - REST.length - 1);
  }
  return `${kept.trimEnd()}\n${closing}${REST}`;
}

/** What closes the fence and the folds that are open at the end of a text. */
function closingOf(markdown: string): string {
  let fence: string | undefined;
  let folds = 0;
  for (const line of markdown.split("\n")) {
    const mark = /^(~{3,}|`{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      fence = mark?.startsWith(fence) === true && line.trim() === mark ? undefined : fence;
    } else if (mark !== undefined) {
      fence = mark;
    } else {
      folds += line.split("<details>").length - line.split("</details>").length;
    }
  }
  return `${fence === undefined ? "" : `${fence}\n`}${"\n</details>\n".repeat(Math.max(0, folds))}`;
}
