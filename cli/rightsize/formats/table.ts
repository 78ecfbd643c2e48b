import { type Paint, plain } from "../../assessment/formats/paint";
import { mostInUse, type ServiceUse } from "../../../provider/tenant/allocation";
import { counted } from "../../../provider/text/count";
import { shown } from "../../../provider/text/shown";
import { isChange, type Sizing, type SizingTotals, unitsOf } from "../sizing";

const HEADINGS = ["", "declared", "in use", "suggested", "change"] as const;
const COLUMNS = 80;

interface Row {
  readonly name: string;
  readonly figures: readonly string[];
  readonly isUnused: boolean;
}

/**
 * Suggestions for people: those that change something, or all.
 * @param sizes in the order of the file
 */
export function sizesTable(sizes: readonly Sizing[], all: boolean, paint: Paint = plain): string {
  const told = sizes.filter((sizing) => all || isChange(sizing));
  if (told.length === 0) {
    return "";
  }
  const objects = new Map<string, Sizing[]>();
  for (const sizing of told) {
    const key = `${sizing.kind} ${sizing.name}`;
    objects.set(key, [...(objects.get(key) ?? []), sizing]);
  }
  const rows = told.map(rowOf);
  const [, ...headings] = HEADINGS;
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map(({ figures }) => figures[column]?.length ?? 0)),
  );
  // A longer name stands on a line of its own.
  const longest = COLUMNS - widths.reduce((sum, width) => sum + width + 2, 2);
  const nameWidth = Math.max(...rows.map(({ name }) => Math.min(name.length, longest)));
  const line = (name: string, figures: readonly string[]): string =>
    `  ${[name.padEnd(nameWidth), ...figures.map((figure, column) => figure.padStart(widths[column] ?? 0))].join("  ")}`;
  const lines = ({ name, figures }: Row): string[] =>
    name.length > nameWidth ? [`  ${name}`, line("", figures)] : [line(name, figures)];
  return [line("", headings), ...[...objects.values()].map((one) => objectLines(one, lines, paint).join("\n"))].join(
    "\n\n",
  );
}

function objectLines(sizes: readonly Sizing[], lines: (row: Row) => string[], paint: Paint): string[] {
  const rows = sizes.map(rowOf);
  const unused = rows.filter(({ isUnused }) => isUnused);
  return [
    ...sizes
      .slice(0, 1)
      .map(
        ({ kind, name, id }) => `${paint("heading", `${kind} ${shown(name)}`)}${id === name ? "" : `  (${shown(id)})`}`,
      ),
    ...rows.filter(({ isUnused }) => !isUnused).flatMap(lines),
    ...(unused.length === 0 ? [] : [`  ${paint("refusal", "not in use:")}`]),
    ...unused.flatMap(lines),
  ];
}

function rowOf(sizing: Sizing): Row {
  const { service, declared, use, suggested } = sizing;
  const name =
    service === undefined ? "users" : `${service.kind === "groupServices" ? "group" : "user "} ${shown(service.name)}`;
  const units = unitsOf(sizing);
  const change = units === undefined ? (isChange(sizing) ? "limited" : "-") : units > 0 ? `+${units}` : String(units);
  return {
    name,
    figures: [String(declared), use === undefined ? "unknown" : useText(use), String(suggested), change],
    isUnused: service !== undefined && use !== undefined && mostInUse(use) === 0 && declared !== 0,
  };
}

/** `22`, and `22+7` where service packs hand out 7. */
function useText({ inUse, inPacks }: ServiceUse): string {
  return inPacks === 0 ? String(inUse) : `${inUse}+${inPacks}`;
}

/** What all suggestions come to, in a few sentences. */
export function totalsLines(
  { values, changes, freed, added, limited, packed, kept }: SizingTotals,
  isWritten: boolean,
): string[] {
  const freeing = `${counted(freed, "licence")} freed, ${added} added`;
  const limits = limited === 0 ? "" : `, ${counted(limited, "unlimited service")} limited`;
  return [
    changes === 0
      ? `${counted(values, "value")} checked, none to change.`
      : `${changes} of ${counted(values, "value")} ${isWritten ? "changed" : "to change"}: ${freeing}${limits}.`,
    ...(packed === 0
      ? []
      : [
          `${counted(packed, "service")} ${packed === 1 ? "is" : "are"} sized by a sum: 0+7 is 0 in use and 7 handed out by service packs.`,
          "It is not documented whether the first figure includes the second; too many licences only cost money.",
        ]),
    ...(kept.unlimited === 0
      ? []
      : [`${counted(kept.unlimited, "unlimited service")} left alone; --include-unlimited suggests limits.`]),
    ...(kept["unknown use"] === 0
      ? []
      : [`${counted(kept["unknown use"], "value")} left alone: the systems do not show their use.`]),
  ];
}
