import { type Answer, json } from "../exchange";
import type { Settings } from "../settings";
import { isJsonObject, parseJson } from "../strict-json";

/** Codes of the product, as its client knows them. */
export const ErrorCode = { InvalidParameters: 2, Schema: 3 } as const;

/** Ends a call of the gateway with an error; its form depends on the settings. */
export class GatewayError extends Error {
  readonly status: number;
  readonly code: number;

  /** @param code INVENTED where no code of the product is given: the status. */
  constructor(status: number, message: string, code = status) {
    super(message);
    this.name = "GatewayError";
    this.status = status;
    this.code = code;
  }
}

/** BroadWorks, behind the gateway, refused the call with this reason. */
export class BroadWorksError extends Error {}

/** Ends a call of APIO Core itself, whose errors have a form of their own. */
export class CoreError extends Error {
  readonly status: number;
  readonly more: Readonly<Record<string, unknown>>;

  constructor(status: number, message: string, more: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "CoreError";
    this.status = status;
    this.more = more;
  }
}

function gatewayErrorAnswer({ status, code, message }: GatewayError, { errorShape }: Settings): Answer {
  switch (errorShape) {
    case "errors":
      return json(status, { errors: [{ code, message, details: null }] });
    case "details":
      return json(status, { details: message });
    case "list":
      return json(status, [{ code, message }]);
    case "text":
      return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body: message };
  }
}

/** From the vendor's client: where the reason stands. INVENTED: the code and the words around it. */
function broadWorksAnswer(summary: string, { broadworksErrors }: Settings): Answer {
  const error = { error_code: "4962", level: "Error", summary: `[Error 4962] ${summary}`, detail: "" };
  const errors = broadworksErrors === "list" ? [error] : { "0": error };
  return json(400, { errors: [{ code: 400, message: "BroadWorks error", details: { errors } }] });
}

/** The answer to what an endpoint threw, or undefined where it is not an error of the gateway. */
export function errorAnswer(error: unknown, settings: Settings): Answer | undefined {
  if (error instanceof GatewayError) {
    return gatewayErrorAnswer(error, settings);
  }
  if (error instanceof BroadWorksError) {
    return broadWorksAnswer(error.message, settings);
  }
  if (error instanceof CoreError) {
    return json(error.status, { error: error.message, ...error.more });
  }
  return undefined;
}

/** The answer with the key that auditing adds to every JSON object. */
export function audited(answer: Answer, { auditKey }: Settings, nextRecordId: () => string): Answer {
  const parsed = auditKey === "none" ? undefined : parseJson(answer.body);
  if (auditKey === "none" || parsed?.ok !== true || !isJsonObject(parsed.value)) {
    return answer;
  }
  return { ...answer, body: JSON.stringify({ ...parsed.value, [auditKey]: nextRecordId() }) };
}
