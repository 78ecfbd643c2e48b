import { createHash } from "node:crypto";
import type { UseOverTime } from "../history/use-over-time";
import { SYSTEM_NAMES } from "../inventory/systems";
import { SYSTEMS } from "../../provider/systems/settings/table";
import { customerHeadlines, customerSections } from "./customer-sections";
import { historySections } from "./history-sections";
import { escaped, remark, withContents } from "./markup";
import { SCRIPT, STYLE } from "./page-assets";
import { poolSection } from "./pool";
import { serviceHeadlines, serviceSections } from "./service-sections";
import { supplySections } from "./supply-sections";
import type { Usage } from "./usage";

/**
 * The report as one page that needs nothing else: no network, no fonts, no other files.
 * @param history how use has changed, where a history is kept
 */
export function reportPage(usage: Usage, title: string, at: Date, history?: UseOverTime): string {
  const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}`;
  const time = at.toISOString();
  const sections = [
    ...serviceSections(usage),
    ...(history === undefined ? [] : historySections(history)),
    ...(usage.pool === null ? [] : [poolSection(usage.pool)]),
    ...supplySections(usage),
    ...customerSections(usage),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p class="faint">As read on <time datetime="${time}">${time.slice(0, 10)} at ${time.slice(11, 16)} UTC</time>${escaped(sourcesOf(usage))}.</p>
${usage.notes.map(remark).join("\n")}
<main>
<ul class="figures">${[...serviceHeadlines(usage), ...customerHeadlines(usage)].join("")}</ul>
${withContents(sections)}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** Where the figures come from: the end of a sentence. */
function sourcesOf({ systems }: Usage): string {
  const sources = SYSTEMS.flatMap((system) => {
    const address = systems[system];
    return address === null ? [] : [`the ${SYSTEM_NAMES[system]} ${address}`];
  });
  return sources.length === 0 ? "" : ` from ${sources.join(" and ")}`;
}
