import { cutOff } from "../provider/text/shown";
import type { Clock } from "../provider/time/clock";
import { toPlainText } from "./plain-text";
import { Rest } from "./rest";

/** The forms of a message that chat tools take. */
export const WEBHOOK_FORMATS = ["teams", "slack", "json"] as const;
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

/** A message for people. */
export interface WebhookMessage {
  readonly kind: "comment" | "drift";
  readonly title: string;
  /** Markdown. */
  readonly text: string;
  /** The address of this run. */
  readonly run: string | undefined;
}

/** A block of Slack takes 3,000 characters, a message of Teams about 28 KB. */
const MOST_CHARACTERS: Readonly<Record<WebhookFormat, number>> = { slack: 2800, teams: 18_000, json: 200_000 };

const HOSTS: readonly (readonly [RegExp, WebhookFormat])[] = [
  [/(^|\.)slack\.com$/, "slack"],
  [/(^|\.)(?:webhook\.office\.com|office\.com|logic\.azure\.com|powerplatform\.com|powerautomate\.com)$/, "teams"],
];

/** The form that the host of an address takes; plain JSON where it is not known. */
export function formatFor({ hostname }: URL): WebhookFormat {
  return HOSTS.find(([host]) => host.test(hostname))?.[1] ?? "json";
}

/** Posts a message to the webhook at `address`, which is a secret; in the form that its host takes where none is given. */
export async function postToWebhook(
  address: string,
  format: WebhookFormat | undefined,
  message: WebhookMessage,
  clock: Clock,
): Promise<string> {
  const url = readAddress(address);
  const rest = new Rest({
    name: "webhook",
    baseUrl: address,
    baseUrlVariable: "VOICE_LICENSES_WEBHOOK_URL",
    headers: {},
    secrets: [address, url.pathname + url.search, url.pathname, url.search, ...keysIn(url)],
    clock,
  });
  await rest.call(`post to the webhook at ${url.host}`, "POST", "", bodyOf(format ?? formatFor(url), message));
  return `Posted to the webhook at ${url.host}.`;
}

/** The parts of the path and query that let a message in, and not the words between them, such as `services`. */
function keysIn({ pathname, searchParams }: URL): string[] {
  return [...pathname.split("/"), ...searchParams.values()].filter(
    (part) => part.length >= SHORTEST_KEY && /\d/.test(part),
  );
}

const SHORTEST_KEY = 8;

/** @throws without the address, where it is none that credentials may travel to. */
function readAddress(address: string): URL {
  let url: URL | undefined;
  try {
    url = new URL(address);
  } catch {
    url = undefined;
  }
  const isLoopback = url !== undefined && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url === undefined || (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback))) {
    throw new Error("VOICE_LICENSES_WEBHOOK_URL must be an address that begins with https://.");
  }
  return url;
}

/** The body of a message. @see https://adaptivecards.io and https://api.slack.com/reference/block-kit */
export function bodyOf(format: WebhookFormat, { kind, title, text, run }: WebhookMessage): object {
  const plain = toPlainText(text);
  const most = MOST_CHARACTERS[format];
  const short = plain.length > most ? `${cutOff(plain, most)}\n… the rest is in the job's log.` : plain;
  switch (format) {
    case "json":
      return { version: 1, kind, title, text: short, ...(run === undefined ? {} : { run }) };
    case "slack":
      return {
        text: escapedForSlack(title),
        blocks: [
          { type: "header", text: { type: "plain_text", text: title.slice(0, 150) } },
          { type: "section", text: { type: "mrkdwn", text: `\`\`\`${escapedForSlack(short)}\`\`\`` } },
          ...(run === undefined
            ? []
            : [{ type: "context", elements: [{ type: "mrkdwn", text: `<${escapedForSlack(run)}|The run>` }] }]),
        ],
      };
    case "teams":
      return {
        type: "message",
        attachments: [
          {
            contentType: "application/vnd.microsoft.card.adaptive",
            content: {
              $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
              type: "AdaptiveCard",
              version: "1.4",
              body: [
                { type: "TextBlock", size: "Large", weight: "Bolder", wrap: true, text: title },
                { type: "TextBlock", fontType: "Monospace", wrap: true, text: escapedForCards(short) },
              ],
              ...(run === undefined ? {} : { actions: [{ type: "Action.OpenUrl", title: "Open the run", url: run }] }),
            },
          },
        ],
      };
  }
}

function escapedForSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("`", "'");
}

/** A text block renders some Markdown: links, emphasis and lists. */
function escapedForCards(text: string): string {
  return text.replaceAll(/[\\*_[\]]/g, "\\$&").replaceAll("\n", "\n\n");
}
