import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Position } from "../../../fleet/mistake";
import { parseYaml, type PositionAt } from "../../../fleet/parse-yaml";
import { placeKey } from "../../../fleet/profiles";
import { SERVICE_KINDS } from "../../../provider/systems/gateway/service-kinds";
import type { Allocation } from "../../../provider/tenant/allocation";
import type { Override, PlacedValue } from "./places";
import type { TextEdit } from "./text-edit";

/** Why a value cannot be written; what follows its place in a sentence. */
export class UneditableError extends Error {
  constructor(
    readonly at: Position,
    message: string,
  ) {
    super(message);
    this.name = "UneditableError";
  }
}

/**
 * The edits that put values and overrides into one YAML file.
 *
 * @param file As positions name it.
 * @throws {UneditableError} where the file says a value in a way that no edit in its place can change.
 */
export function yamlEdits(
  text: string,
  file: string,
  values: readonly PlacedValue[],
  overrides: readonly Override[],
): TextEdit[] {
  const parsed = parseYaml(text, file);
  if (!("document" in parsed)) {
    throw new UneditableError(parsed.at, parsed.message);
  }
  const editor = new YamlEditor(text, parsed.document, parsed.positionAt);
  return [...editor.replacements(values), ...overrides.flatMap((override) => editor.additions(override))];
}

type Range = readonly [start: number, end: number];

class YamlEditor {
  private readonly pairs = new Map<string, Pair>();
  private readonly items = new Map<string, YAMLMap>();

  public constructor(
    private readonly text: string,
    private readonly document: Document,
    positionAt: PositionAt,
  ) {
    visit(document, {
      Pair: (_, pair) => {
        const start = isNode(pair.key) ? pair.key.range?.[0] : undefined;
        if (start !== undefined) {
          this.pairs.set(placeKey(positionAt(start)), pair);
        }
      },
      Seq: (_, list) => {
        for (const item of list.items) {
          if (isMap(item)) {
            this.items.set(placeKey(positionAt(item.range?.[0])), item);
          }
        }
      },
    });
  }

  public replacements(values: readonly PlacedValue[]): TextEdit[] {
    const placed = values.map(({ at, value }) => ({ value, node: this.valueNode(at) }));
    const anchored = new Map<Node, Allocation>(placed.map(({ node, value }) => [node, value]));
    return placed.flatMap(({ value, node }) => {
      if (isAlias(node)) {
        const source = node.resolve(this.document);
        const after = source === undefined ? undefined : (anchored.get(source) ?? allocationOf(source));
        return after === value ? [] : [this.replaced(node, value)];
      }
      return allocationOf(node) === value ? [] : [this.replacedValue(node, value)];
    });
  }

  private valueNode(at: Position): Node {
    // The item of a list may begin where its first key does.
    const item = this.items.get(placeKey(at));
    const value = item === undefined ? this.pairs.get(placeKey(at))?.value : item.get("allocated", true);
    if (!isNode(value)) {
      throw new UneditableError(at, "holds no value that could be replaced");
    }
    return value;
  }

  private replacedValue(node: Node, value: Allocation): TextEdit {
    const maximum = isMap(node) ? node.get("maximum", true) : undefined;
    return this.replaced(isScalar(maximum) ? maximum : node, value);
  }

  private replaced(node: Node, value: Allocation): TextEdit {
    const [start] = rangeOf(node);
    return { start, end: this.endOf(node), text: String(value) };
  }

  public additions({ at, licensedUsersCount, services }: Override): TextEdit[] {
    const object = this.pairs.get(placeKey(at));
    if (object === undefined) {
      throw new UneditableError(at, "is not declared in a way that can be added to");
    }
    const kinds = SERVICE_KINDS.filter((kind) => services[kind].size > 0);
    if (!isMap(object.value)) {
      const inputs = [
        ...(licensedUsersCount === undefined ? [] : [`licensedUsersCount: ${licensedUsersCount}`]),
        ...kinds.map((kind) => `${kind}: ${flowMap(services[kind])}`),
      ].join(", ");
      return [
        isAlias(object.value)
          ? { ...this.wholeOf(object.value), text: `{ <<: *${object.value.source}, ${inputs} }` }
          : this.afterColon(object, `{ ${inputs} }`),
      ];
    }
    const own = object.value;
    const added = kinds.filter((kind) => pairOf(own, kind) === undefined);
    return [
      ...kinds.flatMap((kind) => {
        const pair = pairOf(own, kind);
        return pair === undefined ? [] : this.addServices(pair, services[kind]);
      }),
      ...this.addPairs(
        own,
        [
          ...(licensedUsersCount === undefined ? [] : [{ key: "licensedUsersCount", value: licensedUsersCount }]),
          ...added.map((kind) => ({ key: kind, value: services[kind] })),
        ],
        this.stepOf(object, own),
      ),
    ];
  }

  private addServices(pair: Pair, services: ReadonlyMap<string, Allocation>): TextEdit[] {
    const { value } = pair;
    if (isAlias(value)) {
      const merged = [...services].map(([name, allocation]) => `${keyText(name)}: ${allocation}`).join(", ");
      return [{ ...this.wholeOf(value), text: `{ <<: *${value.source}, ${merged} }` }];
    }
    if (isMap(value)) {
      return this.addPairs(
        value,
        [...services].map(([name, allocation]) => ({ key: keyText(name), value: allocation })),
        "  ",
      );
    }
    if (isSeq(value)) {
      return this.addItems(value, services);
    }
    return [this.afterColon(pair, flowMap(services))];
  }

  private addItems(list: YAMLSeq, services: ReadonlyMap<string, Allocation>): TextEdit[] {
    const items = [...services].map(([name, allocation]) => `{ name: ${keyText(name)}, allocated: ${allocation} }`);
    const last = list.items.at(-1);
    if (list.flow === true || !isNode(last)) {
      return [this.insertedInFlow(list, isNode(last) ? this.endOf(last) : undefined, items)];
    }
    const indent = " ".repeat(this.columnOf(rangeOf(list)[0]));
    return [
      this.insertedBelow(
        this.endOf(last),
        items.map((item) => `${indent}- ${item}`),
      ),
    ];
  }

  private addPairs(
    map: YAMLMap,
    pairs: readonly { readonly key: string; readonly value: Allocation | ReadonlyMap<string, Allocation> }[],
    step: string,
  ): TextEdit[] {
    const last = map.items.at(-1);
    const [first] = map.items;
    if (pairs.length === 0) {
      return [];
    }
    if (map.flow === true || last === undefined || first === undefined) {
      const texts = pairs.map(({ key, value }) => `${key}: ${typeof value === "object" ? flowMap(value) : value}`);
      return [this.insertedInFlow(map, last === undefined ? undefined : this.endOfPair(last), texts)];
    }
    const indent = " ".repeat(this.columnOf(startOfPair(first)));
    const lines = pairs.flatMap(({ key, value }) =>
      typeof value === "object"
        ? [
            `${indent}${key}:`,
            ...[...value].map(([name, allocation]) => `${indent}${step}${keyText(name)}: ${allocation}`),
          ]
        : [`${indent}${key}: ${value}`],
    );
    return [this.insertedBelow(this.endOfPair(last), lines)];
  }

  /** Whole lines below the one in which `end` is, which may go on with a comment. */
  private insertedBelow(end: number, lines: readonly string[]): TextEdit {
    const newline = this.text.indexOf("\n", end);
    const atEnd = newline < 0 ? this.text.length : newline;
    const start = this.text[atEnd - 1] === "\r" ? atEnd - 1 : atEnd;
    const eol = this.text.includes("\r\n") ? "\r\n" : "\n";
    return { start, end: start, text: lines.map((line) => `${eol}${line}`).join("") };
  }

  private insertedInFlow(collection: YAMLMap | YAMLSeq, last: number | undefined, texts: readonly string[]): TextEdit {
    const joined = texts.join(", ");
    if (last !== undefined) {
      return { start: last, end: last, text: `, ${joined}` };
    }
    const [start, end] = rangeOf(collection);
    const [open, close] = isMap(collection) ? ["{ ", " }"] : ["[", "]"];
    return { start, end, text: `${open}${joined}${close}` };
  }

  private afterColon({ key }: Pair, text: string): TextEdit {
    const colon = this.text.indexOf(":", isNode(key) ? this.endOf(key) : 0) + 1;
    return { start: colon, end: colon, text: ` ${text}` };
  }

  /** By how much the inputs of an object are indented, as the step to the next level. */
  private stepOf(object: Pair, own: YAMLMap): string {
    const [first] = own.items;
    const step = first === undefined ? 2 : this.columnOf(startOfPair(first)) - this.columnOf(startOfPair(object));
    return " ".repeat(step > 0 ? step : 2);
  }

  private columnOf(offset: number): number {
    return offset - (this.text.lastIndexOf("\n", offset - 1) + 1);
  }

  private wholeOf(node: Node): Pick<TextEdit, "start" | "end"> {
    const [start, end] = rangeOf(node);
    return { start, end };
  }

  /** Where the text of a node ends, without the comments and line ends that follow it. */
  private endOf(node: Node): number {
    const [start, end] = rangeOf(node);
    if ((isMap(node) || isSeq(node)) && node.flow !== true) {
      const last: unknown = node.items.at(-1);
      return isPair(last) ? this.endOfPair(last) : isNode(last) ? this.endOf(last) : start;
    }
    return start + this.text.slice(start, end).trimEnd().length;
  }

  private endOfPair({ key, value }: Pair): number {
    const end = isNode(key) ? this.endOf(key) : 0;
    return isNode(value) ? Math.max(end, this.endOf(value)) : end;
  }
}

function rangeOf(node: Node): Range {
  const [start, end] = node.range ?? [];
  if (start === undefined || end === undefined) {
    throw new Error("a node of a parsed document has no range");
  }
  return [start, end];
}

function startOfPair({ key }: Pair): number {
  return isNode(key) ? rangeOf(key)[0] : 0;
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.source === key);
}

/** `undefined` where it says none, as an alias does not by itself. */
function allocationOf(node: Node): Allocation | undefined {
  const maximum = isMap(node) ? pairOf(node, "maximum") : undefined;
  const said: unknown = isMap(node) ? (maximum === undefined ? "unlimited" : maximum.value) : node;
  const value: unknown = isScalar(said) ? said.value : said;
  return typeof value === "number" || value === "unlimited" ? value : undefined;
}

function flowMap(services: ReadonlyMap<string, Allocation>): string {
  return `{ ${[...services].map(([name, allocation]) => `${keyText(name)}: ${allocation}`).join(", ")} }`;
}

/** A name as a key that is right in a flow map too. */
function keyText(name: string): string {
  return /^[\p{L}\p{N}][\p{L}\p{N}_/.()&+-]*(?: [\p{L}\p{N}_/.()&+-]+)*$/u.test(name) ? name : JSON.stringify(name);
}
