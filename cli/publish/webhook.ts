import { looksLikeHtml, reportsError } from "../../provider/systems/transport/error-in-body";
import type { ApiAnswer } from "../../provider/systems/transport/http-api";
import { isPlainObject } from "../../provider/text/plain-object";
import { cutOff } from "../../provider/text/shown";
import type { Clock } from "../../provider/time/clock";
import { bounded, type Draft } from "./bounded";
import { toPlainLines, toPlainText } from "./plain-text";
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

/** Of a message that is plain JSON, for want of a known receiver. */
const MOST_BYTES = 200_000;
const MOST_BYTES_OF_TEAMS = 28_000;

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
    isAccepted,
  });
  await rest.call(`post to the webhook at ${url.host}`, "POST", "", bodyOf(format ?? formatFor(url), message));
  return `Posted to the webhook at ${url.host}.`;
}

/**
 * Some receivers answer a message that they drop with 200. Teams does with a sentence that names the status, some with `ok: false`.
 * @see https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using
 */
function isAccepted({ text, json }: ApiAnswer): boolean {
  const isRefusal = isPlainObject(json) ? reportsError(json) : looksLikeHtml(text) || /\bHTTP error \d{3}\b/.test(text);
  return !isRefusal;
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

/** The body of a message, in the form and at the length that its receiver takes. */
export function bodyOf(format: WebhookFormat, message: WebhookMessage): object {
  return bounded(message.text, (text) => FORMS[format]({ ...message, text }));
}

const FORMS: Readonly<Record<WebhookFormat, (message: WebhookMessage) => Draft<object>>> = {
  json({ kind, title, text, run }) {
    const body = { version: 1, kind, title, text: toPlainText(text), ...(run === undefined ? {} : { run }) };
    return { body, fits: Buffer.byteLength(JSON.stringify(body)) <= MOST_BYTES };
  },

  /** @see https://api.slack.com/reference/block-kit, where a block of text has at most 3,000 characters, and a header 150. */
  slack({ title, text, run }) {
    const escaped = escapedForSlack(toPlainText(text));
    const body = {
      text: escapedForSlack(title),
      blocks: [
        { type: "header", text: { type: "plain_text", text: cutOff(title, 150) } },
        { type: "section", text: { type: "plain_text", text: escaped, emoji: false } },
        ...(run === undefined
          ? []
          : [{ type: "context", elements: [{ type: "mrkdwn", text: `<${escapedForSlack(run)}|The run>` }] }]),
      ],
    };
    return { body, fits: escaped.length <= 3000 };
  },

  /** Text runs, unlike text blocks, render no Markdown, so names need no escapes. @see https://adaptivecards.io */
  teams({ title, text, run }) {
    const lines = toPlainLines(text);
    const body = {
      type: "message",
      attachments: [
        {
          contentType: "application/vnd.microsoft.card.adaptive",
          content: {
            $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
            type: "AdaptiveCard",
            version: "1.4",
            body: [
              cardLine({ text: title, weight: "Bolder", size: "Large" }),
              ...lines.flatMap((line, index) =>
                line.text === ""
                  ? []
                  : cardLine(
                      { text: line.text, ...(line.isHeading ? { weight: "Bolder" } : {}) },
                      (lines[index - 1]?.text ?? "") === "" ? "Medium" : "None",
                    ),
              ),
            ],
            ...(run === undefined ? {} : { actions: [{ type: "Action.OpenUrl", title: "Open the run", url: run }] }),
          },
        },
      ],
    };
    const json = JSON.stringify(body);
    // Some of its webhooks count the bytes of UTF-16.
    return { body, fits: Math.max(Buffer.byteLength(json), 2 * json.length) <= MOST_BYTES_OF_TEAMS };
  },
};

function cardLine(run: object, spacing = "Default"): object {
  return { type: "RichTextBlock", spacing, inlines: [{ type: "TextRun", ...run }] };
}

function escapedForSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
