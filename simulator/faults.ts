import { z } from "zod";

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
  z.strictObject({ kind: z.literal("malformed"), how: z.enum(["html", "empty", "truncated", "wrongTypes"]) }),
  z.strictObject({
    kind: z.literal("redirect"),
    location: z.string().min(1),
    status: z.int().min(300).max(399).default(302),
  }),
  z.strictObject({ kind: z.literal("delay"), ms: z.number().min(0) }),
]);

/** What goes wrong. */
export type Fault = z.output<typeof faultSchema>;

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

type FaultRule = z.output<typeof faultRuleSchema>;

interface ArmedFault extends FaultRule {
  readonly id: number;
  /** How many matching requests it let pass because of `skip`. */
  skipped: number;
  fired: number;
}

/** What is to go wrong with one request. */
export interface Trouble {
  readonly delayMs: number;
  readonly fault: Fault | undefined;
  /** For the log: the kinds and ids of the faults that fired. */
  readonly label: string | undefined;
}

/** The faults in force. For each request the first one that is for it fires; a `delay` lets the next one fire too. */
export class Faults {
  #armed: ArmedFault[] = [];
  #nextId = 1;

  add(rule: FaultRule): number {
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
    let delayMs = 0;
    for (const armed of this.#armed) {
      if (!this.#fires(armed, call)) {
        continue;
      }
      labels.push(`${describe(armed.fault)} (fault ${armed.id})`);
      if (armed.fault.kind !== "delay") {
        return { delayMs, fault: armed.fault, label: labels.join(", ") };
      }
      delayMs += armed.fault.ms;
    }
    return { delayMs, fault: undefined, label: labels.length === 0 ? undefined : labels.join(", ") };
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

function describe(fault: Fault): string {
  switch (fault.kind) {
    case "status":
    case "statusAfter":
      return `${fault.kind} ${fault.status}`;
    case "malformed":
      return `malformed ${fault.how}`;
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

/** The answer of a `malformed` fault, made from what would have been answered. */
export function malformedAnswer(answer: Answer, how: Extract<Fault, { kind: "malformed" }>["how"]): Answer {
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
  }
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
