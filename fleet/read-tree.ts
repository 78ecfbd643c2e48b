import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  Scalar as YamlScalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { UNKNOWN_VALUE } from "../provider/resource/unknowns";
import { below, type Mistake, onLine, type Position } from "./mistake";
import { DEEPEST, NO_TAGS, parseYaml, type PositionAt, TOO_DEEP } from "./parse-yaml";
import {
  type Empty,
  type Entry,
  type Faulty,
  LEADING_ZERO,
  type List,
  type Mapping,
  type Scalar,
  type Tree,
} from "./tree";

/** A file as read: its tree as far as it could be made out, and what is wrong with it as YAML. */
export interface ReadTree {
  /** `undefined` where the text is not YAML. */
  readonly tree: Tree | undefined;
  readonly mistakes: readonly Mistake[];
}

/**
 * Reads one YAML 1.2 document into a tree that knows where everything stands.
 *
 * Anchors, aliases and merge keys (`<<`) work. Duplicate keys, tags other than `!!str`, `!!map` and `!!seq`, and a second document
 * are mistakes.
 *
 * @param file Is put into each position.
 */
export function readTree(text: string, file?: string): ReadTree {
  const parsed = parseYaml(text, file);
  return "document" in parsed
    ? new TreeReader(parsed.positionAt).read(parsed.document)
    : { tree: undefined, mistakes: [parsed] };
}

const EMPTY: Empty = { kind: "empty" };
const FAULTY: Faulty = { kind: "faulty" };
const HARMLESS_TAGS = new Set(["str", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`));

/**
 * How many values all aliases of a file may stand for, beside so many for each that is written: a few lines of aliases to aliases can
 * stand for more than any memory holds, and whoever walks the tree walks them all.
 */
const MOST_ALIASED = 10_000;
const MOST_ALIASED_PER_VALUE = 100;

const TOO_MANY_ALIASED =
  "the aliases of this file stand for too many values: give what is shared as profiles, and name them with `profile`.";

/** What an anchor stands for, with its size: how many values it holds, counting those that aliases stand for, and how deep it is. */
interface Anchored {
  readonly tree: Tree;
  readonly values: number;
  readonly depth: number;
}

class TreeReader {
  private readonly mistakes: Mistake[] = [];
  /** By name, the last one before the place that is being read, as YAML wants it. `undefined` while it is being read itself. */
  private readonly anchors = new Map<string, Anchored | undefined>();
  /** Values read so far: as they are written, and those that aliases stand for. */
  private written = 0;
  private aliased = 0;
  /** How deep the value is nested that is being read, and the deepest below it so far. */
  private depth = 0;
  private deepest = 0;

  public constructor(private readonly positionAt: PositionAt) {}

  public read(document: Document): ReadTree {
    const tree = this.tree(document.contents, "", this.positionAt(undefined));
    return { tree, mistakes: this.mistakes };
  }

  private tree(node: unknown, path: string, at: Position): Tree {
    this.written += 1;
    this.depth += 1;
    this.deepest = Math.max(this.deepest, this.depth);
    const tree = this.anchoredTree(node, path, at);
    this.depth -= 1;
    return tree;
  }

  private anchoredTree(node: unknown, path: string, at: Position): Tree {
    if (isAlias(node)) {
      return this.aliasedTree(node, path, at);
    }
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) {
      return EMPTY;
    }
    const { anchor, tag } = node;
    if (anchor !== undefined) {
      this.anchors.set(anchor, undefined);
    }
    const read = (): Tree =>
      isScalar(node) ? this.single(node, path, at) : isMap(node) ? this.mapping(node, path) : this.list(node, path);
    const before = this.written + this.aliased;
    const deepestBefore = this.deepest;
    this.deepest = this.depth;
    const tree = this.takesTag(tag, path, at) ? read() : FAULTY;
    if (anchor !== undefined) {
      const values = this.written + this.aliased - before + 1;
      this.anchors.set(anchor, { tree, values, depth: this.deepest - this.depth + 1 });
    }
    this.deepest = Math.max(this.deepest, deepestBefore);
    return tree;
  }

  /** The tree itself, shared; what it stands for is bounded, because whoever walks the tree walks it once for each alias. */
  private aliasedTree({ source }: Alias, path: string, at: Position): Tree {
    const anchored = this.anchors.get(source);
    if (anchored === undefined) {
      const message = this.anchors.has(source)
        ? "this alias stands for something that it is a part of."
        : "this alias stands for nothing, because no anchor of its name comes before it; a text that begins with * needs quotes.";
      this.mistakes.push({ at, path, message });
      return FAULTY;
    }
    const { tree, values, depth } = anchored;
    const tooMany = this.aliased + values > MOST_ALIASED + MOST_ALIASED_PER_VALUE * this.written;
    const tooDeep = this.depth + depth > DEEPEST;
    if (tooMany || tooDeep) {
      this.refuseAlias(tooDeep ? TOO_DEEP : TOO_MANY_ALIASED, path, at);
      return FAULTY;
    }
    this.aliased += values;
    this.deepest = Math.max(this.deepest, this.depth + depth - 1);
    return tree;
  }

  /** Once: a file that does this does it everywhere. */
  private refuseAlias(message: string, path: string, at: Position): void {
    if (!this.mistakes.some((mistake) => mistake.message === message)) {
      this.mistakes.push({ at, path, message });
    }
  }

  private single(node: YamlScalar, path: string, at: Position): Tree {
    const scalar = asScalar(node);
    if (scalar.text === UNKNOWN_VALUE) {
      const message = "this is what Pulumi itself writes for a value that is not known yet: write the value.";
      this.mistakes.push({ at, path, message });
      return FAULTY;
    }
    return scalar.text === "" && !scalar.quoted ? EMPTY : scalar;
  }

  private list(node: YAMLSeq, path: string): List {
    const items = node.items.map((item, index): Entry => {
      const at = this.at(item);
      return { at, value: this.tree(item, `${path}[${index}]`, at) };
    });
    return { kind: "list", items };
  }

  private mapping(node: YAMLMap, path: string): Mapping {
    const entries = new Map<string, Entry>();
    const merged: Mapping[] = [];
    for (const pair of node.items) {
      const { key, quoted } = this.key(pair, path);
      const at = this.at(pair.key);
      const where = below(path, key);
      const value = this.tree(pair.value, where, at);
      const first = entries.get(key);
      if (key === "<<" && !quoted) {
        merged.push(...this.mergeable(value, where, at));
      } else if (first !== undefined) {
        this.mistakes.push({
          at,
          path: where,
          message: `is here twice, the first time ${onLine(first.at, at)}: keep one of the two.`,
        });
      } else {
        entries.set(key, { at, value });
      }
    }
    for (const { entries: more } of merged) {
      for (const [key, entry] of more) {
        if (!entries.has(key)) {
          entries.set(key, entry);
        }
      }
    }
    return { kind: "map", entries };
  }

  private key({ key }: Pair, path: string): { readonly key: string; readonly quoted: boolean } {
    if (!isScalar(key)) {
      return { key: "", quoted: false };
    }
    const scalar = asScalar(key);
    const { text, quoted } = scalar;
    const at = this.at(key);
    this.takesTag(key.tag, below(path, text), at);
    if (key.anchor !== undefined) {
      this.anchors.set(key.anchor, { tree: scalar, values: 1, depth: 1 });
    }
    return { key: text, quoted };
  }

  private mergeable(value: Tree, path: string, at: Position): Mapping[] {
    const trees = value.kind === "list" ? value.items.map((item) => item.value) : [value];
    const maps = trees.filter((tree) => tree.kind === "map");
    if (trees.some(({ kind }) => kind !== "map" && kind !== "faulty")) {
      this.mistakes.push({ at, path, message: "takes a map, or a list of maps, such as *contoso." });
    }
    return maps;
  }

  private takesTag(tag: string | undefined, path: string, at: Position): boolean {
    if (tag === undefined || HARMLESS_TAGS.has(tag)) {
      return true;
    }
    this.mistakes.push({ at, path, message: NO_TAGS });
    return false;
  }

  private at(node: unknown): Position {
    const isPlaced = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node);
    return this.positionAt(isPlaced ? node.range?.[0] : undefined);
  }
}

function asScalar(node: YamlScalar): Scalar {
  const quoted = node.type !== YamlScalar.PLAIN || node.tag !== undefined;
  const text = node.source ?? "";
  const { value } = node;
  // 050 is 50 to YAML, 40 to older readers, and mostly a slip: it stays a text, which no count is.
  const isNumber = typeof value === "number" && !LEADING_ZERO.test(text);
  return { kind: "scalar", text, quoted, core: isNumber || typeof value === "boolean" ? value : text };
}
