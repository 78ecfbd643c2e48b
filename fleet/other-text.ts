import type { Mistake } from "./mistake";

/** What is often found in place of a YAML or CSV file, by how it begins. */
const OTHER_FORMS = [
  {
    begins: /^\ufeff?version https:\/\/git-lfs\.github\.com\//,
    message: "this is a Git LFS pointer, not the file that it stands for: run `git lfs pull`.",
  },
  {
    begins: /^\ufeff?\s*<(?:!doctype|!--|\?xml|html|head|body|table)\b/i,
    message:
      "this is a web page (HTML) or XML, whatever its name ends in: download the file itself, or save it as CSV.",
  },
] as const;

/** A line that Git leaves where two sides differ, also as a spreadsheet saves it. */
const CONFLICT_MARKER = /^\ufeff?"?(?:<{7}|\|{7}|={7}|>{7})(?=[\s,;"]|$)/;

/** So many lines are named. */
const MOST_LINES = 12;

/** The mistake of a text that is not meant as YAML or CSV: whatever else is wrong in it follows from that. */
export function otherText(text: string, file?: string): Mistake | undefined {
  const mistake = (line: number, message: string): Mistake => ({
    at: { ...(file === undefined ? {} : { file }), line, column: 1 },
    path: "",
    message,
  });
  const form = OTHER_FORMS.find(({ begins }) => begins.test(text));
  if (form !== undefined) {
    return mistake(1, form.message);
  }
  const lines = text.split(/\r\n|\r|\n/).flatMap((line, index) => (CONFLICT_MARKER.test(line) ? [index + 1] : []));
  const [first] = lines;
  if (first === undefined) {
    return undefined;
  }
  const named = `${lines.slice(0, MOST_LINES).join(", ")}${lines.length > MOST_LINES ? ", …" : ""}`;
  return mistake(
    first,
    `a merge conflict is left here (${lines.length === 1 ? "line" : "lines"} ${named}): keep what is right of both sides, and remove these lines.`,
  );
}
