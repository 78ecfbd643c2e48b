import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  Scalar as YamlScalar,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { UNKNOWN_VALUE } from "../provider/run/unknowns";
import { below, FILE_START, type Mistake, onLine, type Position } from "./mistake";
import type { Empty, Entry, Faulty, List, Mapping, Scalar, Tree } from "./tree";

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
  const lines = new LineCounter();
  const places: Places = { lines, file };
  const document = parseDocument(text, {
    // By name, so that a %YAML directive does not bring other rules.
    schema: "core",
    stringKeys: true,
    // Found below, by keys as they are written, and told with both places.
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
    // Quieter than that, and a second document is passed over.
    logLevel: "error",
  });
  if (document.errors.length > 0) {
    return { tree: undefined, mistakes: document.errors.map((error) => syntaxMistake(error, places)) };
  }
  return new TreeReader(places).read(document);
}

const EMPTY: Empty = { kind: "empty" };
const FAULTY: Faulty = { kind: "faulty" };
/** Without the tag's name: it may be a secret that begins with an exclamation mark. */
const NO_TAGS = "tags are not taken here: write the value without it; a text that begins with ! stands in quotes.";
const HARMLESS_TAGS = new Set(["str", "map", "seq"].map((name) => `tag:yaml.org,2002:${name}`));

/** Where the parser's own words would be for a programmer, or would repeat what is written. */
const OWN_WORDS: Readonly<Partial<Record<YAMLError["code"], string>>> = {
  MULTIPLE_DOCS: "a second document begins here: keep one, without `---` between two.",
  NON_STRING_KEY: "a key must be a text.",
  RESOURCE_EXHAUSTION: "lists and maps are nested too deeply here.",
  TAG_RESOLVE_FAILED: NO_TAGS,
};

function syntaxMistake({ code, message, pos }: YAMLError, places: Places): Mistake {
  // What follows a colon there is a piece of the file, which may be a secret.
  const words = (code === "UNEXPECTED_TOKEN" ? message.replace(/: .*$/s, "") : message).replace(/\.?$/, ".");
  return { at: positionAt(places, pos[0]), path: "", message: OWN_WORDS[code] ?? `this is not YAML: ${words}` };
}

/** What turns an offset into a position. */
interface Places {
  readonly lines: LineCounter;
  readonly file: string | undefined;
}

function positionAt({ lines, file }: Places, offset: number | undefined): Position {
  const { line, col } = lines.linePos(offset ?? 0);
  const position = line === 0 ? FILE_START : { line, column: col };
  return file === undefined ? position : { file, ...position };
}

class TreeReader {
  private readonly mistakes: Mistake[] = [];
  /** By name, the last one before the place that is being read, as YAML wants it. `undefined` while it is being read itself. */
  private readonly anchors = new Map<string, Tree | undefined>();

  public constructor(private readonly places: Places) {}

  public read(document: Document): ReadTree {
    const tree = this.tree(document.contents, "", positionAt(this.places, undefined));
    return { tree, mistakes: this.mistakes };
  }

  private tree(node: unknown, path: string, at: Position): Tree {
    if (isAlias(node)) {
      return this.aliased(node, path, at);
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
    const tree = this.takesTag(tag, path, at) ? read() : FAULTY;
    if (anchor !== undefined) {
      this.anchors.set(anchor, tree);
    }
    return tree;
  }

  /** The tree itself, shared: a file of aliases to aliases stays as small as it is written. */
  private aliased({ source }: Alias, path: string, at: Position): Tree {
    const tree = this.anchors.get(source);
    if (tree === undefined) {
      const message = this.anchors.has(source)
        ? "this alias stands for something that it is a part of."
        : "this alias stands for nothing, because no anchor of its name comes before it; a text that begins with * stands in quotes.";
      this.mistakes.push({ at, path, message });
      return FAULTY;
    }
    return tree;
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
      this.anchors.set(key.anchor, scalar);
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
    return positionAt(this.places, isPlaced ? node.range?.[0] : undefined);
  }
}

function asScalar(node: YamlScalar): Scalar {
  const quoted = node.type !== YamlScalar.PLAIN || node.tag !== undefined;
  const text = node.source ?? "";
  const { value } = node;
  return { kind: "scalar", text, quoted, core: typeof value === "number" || typeof value === "boolean" ? value : text };
}
