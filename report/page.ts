import { createHash } from "node:crypto";
import { customerSections } from "./customer-sections";
import { escaped, grouped } from "./markup";
import { SCRIPT, STYLE } from "./page-assets";
import { serviceSections } from "./service-sections";
import { EXPIRY_NOTICE_DAYS, type Usage } from "./usage";

/** The report as one page that needs nothing else: no network, no fonts, no other files. */
export function reportPage(usage: Usage, title: string, at: Date): string {
  const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const policy = `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}`;
  const time = at.toISOString();
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
<p class="faint">As read on <time datetime="${time}">${time.slice(0, 10)} at ${time.slice(11, 16)} UTC</time>.</p>
<main>
${figures(usage)}
${serviceSections(usage)}
${customerSections(usage)}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function figures({ customers, services, tenants, nearlyExhausted, unused, expiring }: Usage): string {
  const licensed = customers.reduce((sum, { licensedUsers }) => sum + (licensedUsers ?? 0), 0);
  const active = customers.reduce((sum, { activeUsers }) => sum + (activeUsers ?? 0), 0);
  const soon = `expired, or within ${EXPIRY_NOTICE_DAYS} days`;
  // Where a list is empty, its section is not there, but the whole one is.
  const ofServices = (id: string): string => (services.length === 0 ? "services" : id);
  const ofCustomers = (id: string): string => (customers.length === 0 ? "customers" : id);
  return `<ul class="figures">${[
    figure(ofServices("by-tenant"), tenants.length, tenants.length === 1 ? "tenant" : "tenants"),
    figure(ofServices("exhausted"), nearlyExhausted.length, "services nearly exhausted", nearlyExhausted.length > 0),
    figure(ofServices("unused"), unused.length, "services licensed and unused"),
    figure("customers", customers.length, customers.length === 1 ? "customer" : "customers"),
    figure(ofCustomers("users"), licensed, `licensed users, ${grouped(active)} active`),
    figure(ofCustomers("secrets"), expiring.length, `secrets that expire soon (${soon})`, expiring.length > 0),
  ].join("")}</ul>`;
}

function figure(target: string, count: number, what: string, isBad = false): string {
  return `<li><a href="#${target}"><b${isBad ? ' class="bad"' : ""}>${grouped(count)}</b> ${escaped(what)}</a></li>`;
}
