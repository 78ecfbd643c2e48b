import { withEscapedCommands } from "../../provider/text/pipeline-commands";
import { KINDS } from "../../provider/kinds";
import { footerLines, headerLines } from "./comments";
import type { ExportedFleet } from "./exported-fleet";
import { type ExportedObject, type ExportedValue, isSecretKey } from "./exported-object";
import { configurationLines } from "./next-steps";

/** The fleet as a whole Pulumi program in TypeScript. The same systems give the same text. */
export function fleetTypeScript(fleet: ExportedFleet): string {
  const steps = configurationLines(fleet);
  const sections = [...fleet.sections].filter(([, objects]) => objects.length > 0);
  const classes = sections.map(([section]) => KINDS[section].resource);
  const footer = footerLines(fleet);
  return [
    ...headerLines(fleet).map((line) => `// ${line}`),
    ...(steps.length === 0 ? [] : ['import * as pulumi from "@pulumi/pulumi";']),
    ...(classes.length === 0 ? ["export {};"] : [`import { ${classes.join(", ")} } from "pulumi-voice-licenses";`]),
    ...(steps.length === 0 ? [] : ["", 'const config = new pulumi.Config("voice-licenses");']),
    ...sections.flatMap(([section, objects]) =>
      objects.flatMap((object) => ["", ...program(KINDS[section].resource, object)]),
    ),
    ...(footer.length === 0 ? [] : ["", ...footer.map((line) => `// ${line}`)]),
    "",
  ].join("\n");
}

function program(resource: string, { name, comments, inputs }: ExportedObject): string[] {
  return [
    ...comments.map((line) => `// ${line}`),
    `new ${resource}(${literal(name)}, {`,
    ...inputs.flatMap(([input, value]) => inputLines(input, value)),
    "});",
  ];
}

function inputLines(input: string, value: ExportedValue): string[] {
  if (typeof value !== "object") {
    return [`  ${input}: ${typeof value === "string" ? literal(value) : value},`];
  }
  if (isSecretKey(value)) {
    return [`  ${input}: config.requireSecret(${literal(value.secretKey)}),`];
  }
  const services = [...value].map(([name, allocation]) => `    ${literal(name)}: ${allocationOf(name, allocation)},`);
  return [`  ${input}: {`, ...services, "  },"];
}

/** TypeScript takes a text for any text, not for "unlimited", under a name that every object has, such as `constructor`. */
function allocationOf(service: string, allocation: "unlimited" | number): string {
  return typeof allocation === "number"
    ? String(allocation)
    : `${literal(allocation)}${service in Object.prototype ? " as const" : ""}`;
}

/** As in JSON, with what is not seen or is a command to a pipeline written out, so that the text is what it looks like. */
function literal(text: string): string {
  const escaped = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  return withEscapedCommands(JSON.stringify(text).replaceAll(/[\p{Cf}\u007f-\u009f\u2028\u2029]/gu, escaped), escaped);
}
