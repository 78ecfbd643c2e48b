import { createHash } from "node:crypto";
import type { UseOverTime } from "../history/use-over-time";
import { customerSections } from "./customer-sections";
import { historySections } from "./history-sections";
import { escaped, grouped, remark, withContents } from "./markup";
import { SCRIPT, STYLE } from "./page-assets";
import { serviceSections } from "./service-sections";
import { supplySections } from "./supply-sections";
import { EXPIRY_NOTICE_DAYS, isUrgent, type Usage } from "./usage";

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
${figures(usage)}
${withContents(sections)}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** Where the figures come from: the end of a sentence. */
function sourcesOf({ systems: { livePlatform, tenantGateway } }: Usage): string {
  const sources = [
    ...(livePlatform === null ? [] : [`the Live Platform ${livePlatform}`]),
    ...(tenantGateway === null ? [] : [`the tenant gateway ${tenantGateway}`]),
  ];
  return sources.length === 0 ? "" : ` from ${sources.join(" and ")}`;
}

function figures({ customers, services, tenants, exhausted, nearlyExhausted, unused, expiring, pool }: Usage): string {
  const licensed = customers.reduce((sum, { licensedUsers }) => sum + (licensedUsers ?? 0), 0);
  const active = customers.reduce((sum, { activeUsers }) => sum + (activeUsers ?? 0), 0);
  const soon = `expired, or within ${EXPIRY_NOTICE_DAYS} days`;
  // Where a list is empty, its section is not there, but the whole one is.
  const ofServices = (id: string): string => (services.length === 0 ? "services" : id);
  const ofCustomers = (id: string): string => (customers.length === 0 ? "customers" : id);
  return `<ul class="figures">${[
    figure(ofServices("by-tenant"), tenants.length, tenants.length === 1 ? "tenant" : "tenants"),
    figure(ofServices("exhausted"), exhausted.length, "services exhausted", exhausted.length > 0),
    figure(
      ofServices("nearly-exhausted"),
      nearlyExhausted.length,
      "services nearly exhausted",
      nearlyExhausted.length > 0,
    ),
    figure(ofServices("unused"), unused.length, "services licensed and unused"),
    figure("customers", customers.length, customers.length === 1 ? "customer" : "customers"),
    figure(ofCustomers("users"), licensed, `licensed users, ${grouped(active)} active`),
    ...(pool === null
      ? []
      : [figure("pool", pool.left, `licences left to sell, of ${grouped(pool.size)}`, pool.left < 0)]),
    figure(
      ofCustomers("secrets"),
      expiring.length,
      `secrets that expire soon (${soon})`,
      expiring.some(({ secretDaysLeft }) => isUrgent(secretDaysLeft)),
    ),
  ].join("")}</ul>`;
}

function figure(target: string, count: number, what: string, isBad = false): string {
  return `<li><a href="#${target}"><b${isBad ? ' class="bad"' : ""}>${grouped(count)}</b> ${escaped(what)}</a></li>`;
}
