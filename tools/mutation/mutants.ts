import ts from "typescript";
import { type Edit, editsOf } from "./operators";

/** One change of one source, which the tests should notice. */
export interface Mutant {
  /** From 1, over all sources of a run. */
  readonly id: number;
  /** The source, from the root, with slashes. */
  readonly file: string;
  readonly line: number;
  /** The functions around it, the outermost first: `ReductionBrake.refusal`. */
  readonly within: string;
  /** The changed part in brackets: `count [> → >=] limit`. */
  readonly change: string;
}

/** A source with all its mutants in it: `__mutant(id)` is asked at each place whether that one is to act. */
export interface MutatedSource {
  readonly mutants: readonly Mutant[];
  readonly text: string;
}

/** Puts the mutants of a source into it; their ids begin with `firstId`. */
export function mutate(file: string, text: string, firstId: number): MutatedSource {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const edits = editsOf(source);
  const mutants = edits.map((edit, index) => ({
    id: firstId + index,
    file,
    line: source.getLineAndCharacterOfPosition(edit.start).line + 1,
    within: within(edit.node),
    change: describe(edit, text),
  }));
  return { mutants, text: withSwitches(source, edits, firstId) };
}

function withSwitches(source: ts.SourceFile, edits: readonly Edit[], firstId: number): string {
  const { text } = source;
  const byNode = new Map<ts.Node, (Edit & { readonly id: number })[]>();
  edits.forEach((edit, index) => {
    byNode.set(edit.node, [...(byNode.get(edit.node) ?? []), { ...edit, id: firstId + index }]);
  });
  const render = (node: ts.Node): string => {
    let inner = "";
    let at = ts.isSourceFile(node) ? 0 : node.getStart();
    ts.forEachChild(node, (child) => {
      inner += text.slice(at, child.getStart()) + render(child);
      at = child.end;
    });
    inner += text.slice(at, node.end);
    return (byNode.get(node) ?? []).reduceRight(
      (rest, { id, start, end, by }) =>
        ts.isStatement(node)
          ? `if (!__mutant(${id})) { ${rest} }`
          : `(__mutant(${id}) ? (${text.slice(node.getStart(), start)}${by}${text.slice(end, node.end)}) : (${rest}))`,
      inner,
    );
  };
  return render(source);
}

function within(node: ts.Node): string {
  const names: string[] = [];
  for (let outer = node.parent; !ts.isSourceFile(outer); outer = outer.parent) {
    names.unshift(...nameOf(outer));
  }
  return names.join(".");
}

function nameOf(node: ts.Node): string[] {
  const isNamed =
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isAccessor(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isVariableDeclaration(node);
  return isNamed && node.name !== undefined ? [node.name.getText()] : [];
}

/** How much of a change, and of what stands beside it, is told, in characters. */
const LONGEST = 80;
const CONTEXT = 30;

function describe({ node, start, end, by }: Edit, text: string): string {
  const before = oneLine(text.slice(node.getStart(), start));
  const after = oneLine(text.slice(end, node.end));
  const head = before.length > CONTEXT ? `…${before.slice(-CONTEXT)}` : before;
  const tail = after.length > CONTEXT ? `${after.slice(0, CONTEXT)}…` : after;
  return `${head}[${shortened(oneLine(text.slice(start, end)))} → ${by === "" ? "nothing" : by}]${tail}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST / 2)}…${text.slice(-LONGEST / 2)}` : text;
}
