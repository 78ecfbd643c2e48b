import { z } from "zod";

import { type Edit, editSchema } from "./edits";
import { type Answer, type Call, html, json } from "./exchange";
import { parseJson } from "./strict-json";

const statusFields = {
  status: z.int().min(200).max(599),
  retryAfter: z.union([z.number().min(0), z.string().min(1)]).optional(),
  body: z.unknown().optional(),
  text: z.string().optional(),
  contentType: z.string().min(1).optional(),
};

const faultSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("status"), ...statusFields }),
  z.strictObject({ kind: z.literal("statusAfter"), ...statusFields }),
  z.strictObject({ kind: z.literal("dropBefore") }),
  z.strictObject({ kind: z.literal("dropAfter") }),
  z.strictObject({ kind: z.literal("hangBefore") }),
  z.strictObject({ kind: z.literal("hangAfter") }),
  z.strictObject({ kind: z.literal("garbleAfter"), layer: z.enum(["http", "tls"]).default("http") }),
  z.strictObject({
    kind: z.literal("malformed"),
    how: z.enum(["html", "empty", "truncated", "wrongTypes", "emptyLists", "latin1"]),
  }),
  z.strictObject({
    kind: z.literal("headers"),
    headers: z.record(z.string().min(1), z.union([z.string(), z.array(z.string())])),
  }),
  z.strictObject({
    kind: z.literal("page"),
    rows: z.int().min(0),
    announcedBy: z.enum(["link", "totalCount", "envelope"]),
  }),
  z.strictObject({
    kind: z.literal("redirect"),
    location: z.string().min(1),
    status: z.int().min(300).max(399).default(302),
  }),
  z.strictObject({ kind: z.literal("delay"), ms: z.number().min(0) }),
  z.strictObject({ kind: z.literal("edit"), when: z.enum(["before", "after"]).default("before"), ...editSchema.shape }),
]);

/** All kinds of fault. */
export const faultKinds: readonly string[] = faultSchema.options.flatMap(({ shape }) => [...shape.kind.values]);

/** What goes wrong, or is changed behind the back of the APIs. */
type AnyFault = z.output<typeof faultSchema>;

/** What a request meets besides; `delay` and `edit` let the next fault fire too. */
export type Fault = Exclude<AnyFault, { kind: "delay" | "edit" }>;

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** A fault with the requests that it is for, as the admin route takes it. */
export const faultRuleSchema = z.strictObject({
  method: z.string().min(1).optional(),
  path: z.string().refine(isRegularExpression, "not a regular expression"),
  count: z
    .int()
    .min(-1)
    .refine((count) => count !== 0, "give how often it fires, or -1 for ever")
    .default(1),
  skip: z.int().min(0).default(0),
  fault: faultSchema,
});

/** A fault with the requests that it is for, as a test writes it. */
export type FaultRule = z.input<typeof faultRuleSchema>;

interface ArmedFault extends z.output<typeof faultRuleSchema> {
  readonly id: number;
  /** How many matching requests it let pass because of `skip`. */
  skipped: number;
  fired: number;
}

/** What is to go wrong with one request. */
export interface Trouble {
  readonly delayMs: number;
  readonly edits: readonly (Edit & { readonly when: "before" | "after" })[];
  readonly fault: Fault | undefined;
  /** For the log: the kinds and ids of the faults that fired. */
  readonly label: string | undefined;
}

/** The faults in force. For each request the first one that is for it fires; a `delay` or `edit` lets the next one fire too. */
export class Faults {
  #armed: ArmedFault[] = [];
  #nextId = 1;

  add(rule: z.output<typeof faultRuleSchema>): number {
    const id = this.#nextId++;
    this.#armed.push({ ...rule, id, skipped: 0, fired: 0 });
    return id;
  }

  list(): readonly ArmedFault[] {
    return this.#armed;
  }

  clear(): void {
    this.#armed = [];
  }

  take(call: Call): Trouble {
    const labels: string[] = [];
    const edits: Trouble["edits"][number][] = [];
    let delayMs = 0;
    let fault: Fault | undefined;
    for (const armed of this.#armed) {
      if (fault !== undefined || !this.#fires(armed, call)) {
        continue;
      }
      labels.push(`${describe(armed.fault)} (fault ${armed.id})`);
      switch (armed.fault.kind) {
        case "delay":
          delayMs += armed.fault.ms;
          break;
        case "edit":
          edits.push(armed.fault);
          break;
        default:
          fault = armed.fault;
      }
    }
    return { delayMs, edits, fault, label: labels.length === 0 ? undefined : labels.join(", ") };
  }

  #fires(armed: ArmedFault, call: Call): boolean {
    const isForMethod = armed.method === undefined || armed.method.toUpperCase() === call.method;
    const isSpent = armed.count !== -1 && armed.fired >= armed.count;
    if (!isForMethod || isSpent || !new RegExp(armed.path).test(call.path)) {
      return false;
    }
    if (armed.skipped < armed.skip) {
      armed.skipped += 1;
      return false;
    }
    armed.fired += 1;
    return true;
  }
}

function describe(fault: AnyFault): string {
  switch (fault.kind) {
    case "status":
    case "statusAfter":
      return `${fault.kind} ${fault.status}`;
    case "malformed":
      return `malformed ${fault.how}`;
    case "page":
      return `page of ${fault.rows}`;
    case "delay":
      return `delay ${fault.ms} ms`;
    default:
      return fault.kind;
  }
}

/** The answer of a `status` or `statusAfter` fault. */
export function statusAnswer(fault: Extract<Fault, { kind: "status" | "statusAfter" }>): Answer {
  const retryAfter: Answer["headers"] =
    fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
  if (fault.text !== undefined) {
    return {
      status: fault.status,
      headers: { "content-type": fault.contentType ?? "text/plain; charset=utf-8", ...retryAfter },
      body: fault.text,
    };
  }
  const body = fault.body === undefined ? { title: "Simulated fault", status: fault.status } : fault.body;
  const type: Answer["headers"] = fault.contentType === undefined ? {} : { "content-type": fault.contentType };
  return json(fault.status, body, { ...type, ...retryAfter });
}

/** What would have been answered, altered. */
export function alteredAnswer(
  answer: Answer,
  fault: Extract<Fault, { kind: "malformed" | "headers" | "page" }>,
): Answer {
  switch (fault.kind) {
    case "malformed":
      return malformedAnswer(answer, fault.how);
    case "headers":
      return { ...answer, headers: { ...answer.headers, ...lowerCaseKeys(fault.headers) } };
    case "page":
      return firstPage(answer, fault);
  }
}

function lowerCaseKeys(headers: Answer["headers"]): Answer["headers"] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function malformedAnswer(answer: Answer, how: Extract<Fault, { kind: "malformed" }>["how"]): Answer {
  const headers: Answer["headers"] = { "content-type": "application/json" };
  switch (how) {
    case "html":
      return html(200, "Sign in to the network");
    case "empty":
      return { status: 200, headers, body: "" };
    case "truncated":
      // A text of one character would be cut to nothing, which is the kind `empty`.
      return { status: 200, headers, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) || "{" };
    case "wrongTypes":
      return { status: 200, headers, body: JSON.stringify(withWrongTypes(valueOf(answer.body))) };
    case "emptyLists":
      return { ...answer, body: JSON.stringify(withLists(valueOf(answer.body), () => [])) };
    case "latin1":
      return {
        ...answer,
        headers: { ...answer.headers, "content-type": "application/json; charset=ISO-8859-1" },
        encoding: "latin1",
      };
  }
}

/** The first rows of a list, and what says that there are more. */
function firstPage(answer: Answer, { rows, announcedBy }: Extract<Fault, { kind: "page" }>): Answer {
  const value = valueOf(answer.body);
  let total = 0;
  let page: readonly unknown[] = [];
  const cut = withLists(value, (list) => {
    total = list.length;
    page = list.slice(0, rows);
    return page;
  });
  switch (announcedBy) {
    case "link":
      return {
        ...answer,
        headers: { ...answer.headers, link: '<?page=2>; rel="next"' },
        body: JSON.stringify(cut),
      };
    case "totalCount":
      return { ...answer, headers: { ...answer.headers, "x-total-count": String(total) }, body: JSON.stringify(cut) };
    case "envelope":
      return { ...answer, body: JSON.stringify({ currentPage: 1, totalPages: 2, data: page }) };
  }
}

/** The list, or each list in an object, changed. */
function withLists(value: unknown, change: (list: readonly unknown[]) => readonly unknown[]): unknown {
  if (Array.isArray(value)) {
    return change(value);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value).map(([key, field]: [string, unknown]) => [
          key,
          Array.isArray(field) ? change(field) : field,
        ]),
      )
    : value;
}

function valueOf(text: string): unknown {
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : text;
}

function withWrongTypes(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withWrongTypes);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, withWrongTypes(field)]));
  }
  switch (typeof value) {
    case "string":
      return 42;
    case "number":
      return "forty-two";
    case "boolean":
      return "maybe";
    default:
      return [];
  }
}
