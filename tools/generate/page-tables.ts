import { ALL_SETTINGS, type NamedSetting, NAMESPACE, SYSTEMS } from "../../provider/systems/settings/table";
import { type DescribedResource, RESOURCES, TYPES } from "./described";
import { type Form, formOf, isOptional } from "./forms";
import { ownSettings, SHARED } from "./provider-args";
import type { Field } from "../../provider/resource/fields";

const MARKED = /(<!-- generated: ([^\n]*?) -->\n)[^]*?(<!-- end -->)/g;

/**
 * A page with what stands between its marks `<!-- generated: inputs of CustomerServiceLicense -->` and `<!-- end -->` made again.
 * @throws where a mark names no table.
 */
export function withTables(page: string, file: string): string {
  const tables = allTables();
  return page.replaceAll(MARKED, (_, begin: string, name: string, end: string) => {
    const table = tables.get(name);
    if (table === undefined) {
      throw new Error(`${file}: there is no table "${name}": there are ${[...tables.keys()].join(", ")}.`);
    }
    return `${begin}\n${table}\n\n${end}`;
  });
}

function allTables(): Map<string, string> {
  return new Map([
    ...RESOURCES.flatMap((resource): [string, string][] => [
      [`inputs of ${resource.name}`, inputsTable(resource)],
      [`outputs of ${resource.name}`, outputsTable(resource)],
    ]),
    ...SYSTEMS.map((system): [string, string] => [
      `settings of ${system}`,
      settingsTable(
        ALL_SETTINGS.filter(({ prefix, name }) => prefix === system && name in ownSettings(system)),
        pathOf,
      ),
    ]),
    ["settings of both systems", sharedSettingsTable()],
    [
      `settings of ${NAMESPACE}`,
      settingsTable(
        ALL_SETTINGS.filter(({ prefix }) => prefix === NAMESPACE),
        ({ key }) => key,
      ),
    ],
    ["all settings", settingsTable(ALL_SETTINGS, pathOf)],
  ]);
}

function inputsTable({ inputs }: DescribedResource): string {
  const rows = Object.entries(inputs).map(([name, one]) => {
    const { doc, default: fallback } = one.field;
    const none = isOptional(one) ? "none" : "required";
    return [code(name), typeOf(one), fallback === undefined ? none : code(JSON.stringify(fallback)), doc];
  });
  return table(["input", "type", "default", "meaning"], rows);
}

function outputsTable({ inputs, outputs }: DescribedResource): string {
  const ofInputs = Object.entries(inputs).flatMap(([name, { field }]) =>
    field.output === undefined ? [] : [[code(name), field.output.doc]],
  );
  const others = Object.entries(outputs).map(([name, { output }]) => [code(name), output.doc]);
  return table(["output", "meaning"], [["every input", "As applied."], ...ofInputs, ...others]);
}

function settingsTable(rows: readonly NamedSetting[], nameOf: (setting: NamedSetting) => string): string {
  return table(
    ["setting", "environment", "default", "meaning"],
    rows.map((setting) => [code(nameOf(setting)), code(setting.variable), defaultOf(setting), setting.doc]),
  );
}

/** The key of a setting below the namespace of this package. */
function pathOf({ prefix, name }: NamedSetting): string {
  return prefix === NAMESPACE ? name : `${prefix}.${name}`;
}

function sharedSettingsTable(): string {
  const rows = ALL_SETTINGS.filter(({ prefix, name }) => prefix === SYSTEMS[0] && name in SHARED);
  return table(
    ["setting", "environment, after the prefix", "default", "meaning"],
    rows.map((setting) => [
      code(setting.name),
      code(setting.variable.replace("LIVE_PLATFORM_", "")),
      defaultOf(setting),
      setting.doc,
    ]),
  );
}

function defaultOf({ default: fallback, required = "none" }: NamedSetting): string {
  return fallback === undefined ? required : code(fallback);
}

function typeOf(input: Field): string {
  const { type } = input.field;
  return type === undefined ? words(formOf(input)) : (TYPES[type]?.shown ?? code(type));
}

function words(form: Form): string {
  switch (form.kind) {
    case "one of":
      return form.values.map((value) => code(JSON.stringify(value))).join(", ");
    case "map":
      return `map of ${words(form.of)}`;
    case "either":
      return form.forms.map(words).join(", or ");
    default:
      return form.kind;
  }
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", String.raw`\|`)).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
