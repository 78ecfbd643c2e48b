import { Document, isScalar, Scalar, YAMLMap } from "yaml";
import { KINDS, type Section } from "../../provider/kinds";
import { withEscapedCommands } from "../../provider/text/pipeline-commands";
import { footerLines, headerLines } from "./comments";
import type { ExportedFleet } from "./exported-fleet";
import { type ExportedObject, type ExportedValue, isSecretKey } from "./exported-object";

/** The fleet as the text of a `licenses.yaml`. No date is in it: the same systems give the same text. */
export function fleetYaml(fleet: ExportedFleet): string {
  const root = new YAMLMap();
  for (const [section, objects] of fleet.sections) {
    if (objects.length > 0) {
      root.set(section, mapOf(objects.map((object) => [object.name, objectNode(section, object)])));
    }
  }
  const header = [SCHEMA_LINE, ...headerLines(fleet)].map((line) => `# ${line}\n`).join("");
  const footer = footerLines(fleet).map((line) => `# ${line}\n`);
  // An empty map would be written as {}.
  const body = root.items.length === 0 ? "" : `\n${withEscapes(new Document(root).toString({ lineWidth: 0 }))}`;
  return `${header}${body}${footer.length === 0 ? "" : `\n${footer.join("")}`}`;
}

const SCHEMA_LINE = "yaml-language-server: $schema=node_modules/pulumi-voice-licenses/dist/fleet/licenses.schema.json";

/**
 * What is not seen, or turns the direction of what follows, is written out, and so is what is a command to a pipeline: it can only stand
 * in names in double quotes, since comments hold none of it.
 */
function withEscapes(yaml: string): string {
  const escaped = (character: string): string =>
    `\\U${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(8, "0")}`;
  return withEscapedCommands(yaml.replaceAll(/[\p{Cf}\u007f-\u009f\u2028\u2029]/gu, escaped), escaped);
}

function objectNode(section: Section, { comments, inputs }: ExportedObject): YAMLMap {
  const { id, isIdTheName } = KINDS[section];
  const written = inputs.filter(([input]) => !(isIdTheName && input === id));
  return withComment(mapOf(written.map(([input, value]) => [input, valueNode(value)])), comments);
}

function valueNode(value: ExportedValue): unknown {
  if (typeof value !== "object") {
    return value;
  }
  return isSecretKey(value) ? flow([["config", value.secretKey]]) : mapOf([...value]);
}

/** A map with comments above its first key, which is how a comment belongs to it. */
function withComment(node: YAMLMap, lines: readonly string[]): YAMLMap {
  const [first] = node.items;
  if (lines.length > 0 && isScalar(first?.key)) {
    first.key.commentBefore = lines.map((line) => ` ${line}`).join("\n");
  }
  return node;
}

function mapOf(entries: readonly (readonly [string, unknown])[]): YAMLMap {
  const map = new YAMLMap();
  for (const [key, value] of entries) {
    map.set(keyOf(key), value);
  }
  return map;
}

/** A name as it is; in quotes where another reader of YAML, or an older YAML, would take it for something else. */
function keyOf(name: string): Scalar {
  const key = new Scalar(name);
  if (!/^[A-Za-z][\w ./()-]*$/.test(name) || /^(?:y|yes|n|no|on|off|true|false|null)$/i.test(name)) {
    key.type = Scalar.QUOTE_DOUBLE;
  }
  return key;
}

function flow(entries: readonly (readonly [string, unknown])[]): YAMLMap {
  const map = mapOf(entries);
  map.flow = true;
  return map;
}
