import { oddSpaceIn } from "../provider/text/odd-space";
import type { Tree } from "./tree";

const MISSING_SPACE = "expected `name: value`; is the space after the colon missing?";

/** What to say of text in place of a map: the slip that mostly leads to it, such as `Hunt Group:1`, or else `otherwise`. */
export function insteadOfMap(tree: Tree, otherwise: string): string {
  return (tree.kind === "scalar" && !tree.quoted ? slipIn(tree.text) : undefined) ?? otherwise;
}

/** What to say of a name that is none here: the slip that it may come from, or else `otherwise`. */
export function strayName(name: string, otherwise: string): string {
  return slipIn(name) ?? otherwise;
}

function slipIn(text: string): string | undefined {
  const odd = oddSpaceIn(text);
  if (odd !== undefined) {
    return `${odd.name} stands here: replace it with an ordinary space.`;
  }
  return /[^\s:]:[^\s:/]/.test(text) ? MISSING_SPACE : undefined;
}
