import { cutOff } from "../../provider/text/shown";

/** A finished body, and whether its receiver takes one of this size. */
export interface Draft<Body> {
  readonly body: Body;
  readonly fits: boolean;
}

const REST = "… the rest is in the job's log.\n";

/**
 * The body of a Markdown text, or of the longest beginning of it that fits, followed by a line that says where the rest is.
 * Receivers count what arrives, after every escape, so each attempt is a finished body.
 */
export function bounded<Body>(markdown: string, draft: (markdown: string) => Draft<Body>): Body {
  const whole = draft(markdown);
  if (whole.fits) {
    return whole.body;
  }
  let best = draft(REST);
  for (let [fitting, tooLong] = [0, markdown.length]; tooLong - fitting > 1;) {
    const middle = Math.floor((fitting + tooLong) / 2);
    const shorter = draft(`${closed(beginning(markdown, middle))}\n\n${REST}`);
    if (shorter.fits) {
      [fitting, best] = [middle, shorter];
    } else {
      tooLong = middle;
    }
  }
  return best.body;
}

/** At most so many characters: whole lines, or a part of the first one without half an escape at its end. */
function beginning(markdown: string, most: number): string {
  const cut = cutOff(markdown, most);
  const end = cut.trimStart().includes("\n") ? cut.lastIndexOf("\n") : cut.length;
  return cut.slice(0, end).replace(/(?:\\|&[#\w]*|<[!-]*|\s+)$/, "");
}

/** Closes the fence, the comment and the folds that are open at the end of a text, so that they swallow nothing of what follows. */
function closed(markdown: string): string {
  let fence: string | undefined;
  let prose = "";
  for (const line of markdown.split("\n")) {
    if (fence !== undefined) {
      const isEnd = /^\s*(?:`{3,}|~{3,})\s*$/.test(line) && line.trim().startsWith(fence.trim());
      fence = isEnd ? undefined : fence;
    } else {
      fence = /^ *(?:`{3,}(?!.*`)|~{3,})/.exec(line)?.[0];
      prose += fence === undefined ? line : "";
    }
  }
  const folds = prose.split(/<details\b/).length - prose.split("</details>").length;
  return [
    markdown,
    ...(fence === undefined ? [] : [`\n${fence}`]),
    ...(prose.lastIndexOf("<!--") > prose.lastIndexOf("-->") ? ["\n-->"] : []),
    "\n\n</details>".repeat(Math.max(0, folds)),
  ].join("");
}
