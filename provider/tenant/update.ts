import type { GatewayResult } from "../systems/gateway/client";
import { ApiError } from "../systems/transport/api-error";
import { StaleWrite } from "../systems/transport/http-api";
import type { Run } from "../resource/license-resource";
import { readBack } from "../time/read-back";
import type { Allocation } from "./allocation";
import type { TenantGatewaySystem } from "./observe";
import { describeChanges, type ObservedServices, problemOf, type ServiceChange, toGatewayChange } from "./plan";
import { messageOf } from "../text/errors";
import { shownPath } from "../resource/mistake";
import { shown } from "../text/shown";
import { describeDuration } from "../time/duration";

/** One piece of work on one tenant. */
export interface TenantWork {
  readonly system: TenantGatewaySystem;
  readonly run: Run;
  readonly tenantId: string;
  /** Reads the tenant; throws where it is gone. */
  readonly read: () => Promise<ObservedServices>;
}

/** A PUT as it was planned. */
export interface PlannedUpdate {
  readonly changes: readonly ServiceChange[];
  readonly before: ObservedServices;
  /** When `before` was read (`Clock.elapsed`). */
  readonly plannedAt: number;
  /** How often it was sent before it was planned again. */
  readonly attempts: number;
}

/** What the gateway said of one service, and how it said it. */
interface Said {
  readonly verdict: "done" | "refused" | "unclear";
  readonly by:
    | { readonly row: GatewayResult }
    /** A success that names no service. */
    | "acceptance"
    /** A success that names others. */
    | "omission"
    /** The whole call failed. */
    | { readonly error: ApiError };
}

/** What became of one service: `unknown` where the gateway may have done, or may yet do, more than reading shows. */
export interface ServiceVerdict {
  readonly change: ServiceChange;
  readonly said: Said;
  /** What it reads now; `undefined` where it is not listed. */
  readonly now: Allocation | undefined;
  readonly outcome: "done" | "refused" | "unknown";
}

/** What became of one PUT. */
export type TenantUpdate =
  | AnsweredUpdate
  /** It has to be planned again, from what is there now. */
  | StaleUpdate;

interface StaleUpdate {
  readonly end: "stale";
  readonly attempts: number;
  /** Whether the gateway may have done it all the same. */
  readonly mayBeDone: boolean;
}

/** What became of a PUT that left. */
export interface AnsweredUpdate {
  readonly end: "answered";
  /** What was read last; what was read before the PUT where nothing could be read after it. */
  readonly after: ObservedServices;
  readonly verdicts: readonly ServiceVerdict[];
  /** Why the call as a whole failed, or what it answered could not be read. */
  readonly error?: ApiError;
  /** Why nothing could be read after it. */
  readonly readError?: unknown;
  /** How long it was given to show, in milliseconds. */
  readonly timeoutMs: number;
}

/** What the PUT was answered: what the gateway says of each service, or how the whole call failed. */
type Answer = { readonly results: readonly GatewayResult[] } | { readonly error: ApiError };

/**
 * Sends one PUT and reads back. What reads back as it was sent is done, whatever the gateway answered; all else is reported with what
 * the gateway said of it.
 * @throws {ApiError} where the gateway refused the whole PUT, and reading back shows that it did nothing.
 */
export async function updateTenant(work: TenantWork, planned: PlannedUpdate): Promise<TenantUpdate> {
  const { run, system } = work;
  const { changes, before } = planned;
  const put = describeChanges(changes);
  run.progress(put);
  const answer = await send(work, planned);
  if ("end" in answer) {
    return answer;
  }
  const said = new Map(changes.map((change) => [change, saidOf(change, answer)]));
  const timeoutMs = isServerError(answer) ? 0 : system.settings.verifyTimeoutMs;
  const error = "error" in answer ? { error: answer.error } : {};
  let after = before;
  try {
    await readBack(
      async () => (after = await work.read()),
      (now) => {
        const isOver = changes.every((change) => isSettled(change, said.get(change), now));
        if (!isOver) {
          run.progress(`${put}: waiting until it reads back`);
        }
        return isOver;
      },
      { clock: run.clock, signal: run.signal, timeoutMs },
    );
  } catch (readError) {
    run.tell(`${put}: not verified`);
    const verdicts = changes.map((change) => verdictOf(change, said.get(change), before, true));
    return { end: "answered", after, verdicts, readError, timeoutMs, ...error };
  }
  const verdicts = changes.map((change) => verdictOf(change, said.get(change), after));
  if ("error" in answer && verdicts.every(({ outcome }) => outcome === "refused")) {
    run.tell(`${put}: refused`);
    throw answer.error;
  }
  run.tell(`${put}: ${describeEnd(verdicts)}`);
  const contrary = verdicts.every(({ outcome }) => outcome === "done") ? describeContrary(verdicts) : undefined;
  if (contrary !== undefined) {
    run.warn(contrary);
  }
  return { end: "answered", after, verdicts, timeoutMs, ...error };
}

async function send(
  { system, tenantId, run }: TenantWork,
  { changes, plannedAt, attempts }: PlannedUpdate,
): Promise<Answer | StaleUpdate> {
  const guard = { assertWanted: () => run.assertWanted(), plannedAt, attempts };
  try {
    const { signal } = run;
    return { results: await system.api.putLicenses(tenantId, toGatewayChange(changes), { signal, guard }) };
  } catch (error) {
    if (error instanceof StaleWrite) {
      const { attempts: sofar, mayBeDone } = error;
      return { end: "stale", attempts: sofar, mayBeDone };
    }
    // Whatever else ends a call ends it before it leaves.
    if (!(error instanceof ApiError)) {
      throw error;
    }
    return { error };
  }
}

/** Words for success that gateways are known to use; only `updated` is documented. */
const DONE = new Set(["updated", "ok", "success", "succeeded", "done", "completed"]);
/** Words that say no. What is neither may still be done. */
const REFUSED = /fail|reject|refus|den[iy]|err|invalid|not|forbid|unauth|exceed|skip|ignor/;

function saidOf(change: ServiceChange, answer: Answer): Said {
  if ("error" in answer) {
    return { verdict: isRefusal(answer.error) ? "refused" : "unclear", by: answer };
  }
  const row = answer.results.find(({ kind, name }) => kind === change.kind && name === change.name);
  if (row === undefined) {
    return { verdict: "unclear", by: answer.results.length === 0 ? "acceptance" : "omission" };
  }
  const word = row.status.toLowerCase().replace(/[^a-z]/g, "");
  return { verdict: DONE.has(word) ? "done" : REFUSED.test(word) ? "refused" : "unclear", by: { row } };
}

/** Whether an answer says that the whole update was not done. An earlier attempt of the same PUT may have been, all the same. */
function isRefusal({ status = 0, lost }: ApiError): boolean {
  return status >= 400 && status < 500 && status !== 408 && !lost;
}

/** A 500 says nothing of what was done; it is looked at once, and not waited for. */
function isServerError(answer: Answer): boolean {
  return "error" in answer && answer.error.status === 500 && !answer.error.lost;
}

/** Whether waiting longer can show nothing new. */
function isSettled(change: ServiceChange, said: Said | undefined, seen: ObservedServices): boolean {
  const now = seen[change.kind].get(change.name)?.allocation;
  return now === change.to || now === undefined || (said?.verdict === "refused" && now === change.from);
}

const NOTHING_SAID: Said = { verdict: "unclear", by: "omission" };

/** @param isUnread Whether nothing could be read after the PUT, so that `seen` is older. */
function verdictOf(
  change: ServiceChange,
  said: Said = NOTHING_SAID,
  seen: ObservedServices,
  isUnread = false,
): ServiceVerdict {
  const now = seen[change.kind].get(change.name)?.allocation;
  // What the gateway never listed cannot be read back: it is done if the gateway says so.
  const isDone = now === change.to || (now === undefined && change.from === undefined && said.verdict === "done");
  const isRefused = said.verdict === "refused" && now === change.from;
  const outcome = isUnread ? "unknown" : isDone ? "done" : isRefused ? "refused" : "unknown";
  return { change, said, now, outcome };
}

/** Why a service is not as it was sent, in a line. */
export function describeVerdict(
  { change: { kind, name, to }, said, now: held }: ServiceVerdict,
  { after, readError, timeoutMs }: Pick<AnsweredUpdate, "after" | "readError" | "timeoutMs">,
): string {
  const path = shownPath([kind, name]);
  const now = held ?? "not listed";
  if (readError !== undefined) {
    return `${path}: it was ${now}, and should now be ${to}`;
  }
  const problem = problemOf(after, kind, name);
  if (problem !== undefined) {
    return `${path}: ${describeSaid(said)}, and what it lists for this service now cannot be read: ${shown(problem)}`;
  }
  return said.verdict === "done" || said.by === "acceptance"
    ? `${path}: ${describeSaid(said)}, but after ${describeDuration(timeoutMs)} it still reads ${now}, not ${to}`
    : `${path}: ${describeSaid(said)}; it is ${now}, not ${to}`;
}

/** How a PUT ended, for its row. Where nothing of it shows, only a refusal says that it was not done. */
function describeEnd(verdicts: readonly ServiceVerdict[]): string {
  const done = verdicts.filter(({ outcome }) => outcome === "done").length;
  if (done > 0) {
    return done === verdicts.length ? "done" : `${done} of ${verdicts.length} services done`;
  }
  const by = verdicts[0]?.said.by;
  if (typeof by === "object" && "error" in by) {
    return isRefusal(by.error) ? "not done" : `${describeFailure(by.error)}, whether it was done is not known`;
  }
  const refused = verdicts.filter(({ said }) => said.verdict === "refused").length;
  return refused === verdicts.length ? "not done" : `accepted${refused === 0 ? "" : " in part"}, not visible yet`;
}

/** Where all is as it was sent: what the gateway said to the contrary, as one warning. */
function describeContrary(verdicts: readonly ServiceVerdict[]): string | undefined {
  const by = verdicts[0]?.said.by;
  if (typeof by === "object" && "error" in by) {
    return `${by.error.outcome}, but reading back shows it done.`;
  }
  const contrary = verdicts.filter(({ said }) => said.verdict !== "done" && typeof said.by === "object");
  const [first] = contrary;
  if (first === undefined) {
    return undefined;
  }
  const others = contrary.length === 1 ? "" : ` (and ${contrary.length - 1} more)`;
  const path = shownPath([first.change.kind, first.change.name]);
  return `${path}: ${describeSaid(first.said)}${others}, but reading back shows it done.`;
}

/** What went wrong with a PUT or with reading it back, as a whole. */
export function describeTrouble({ error, readError, verdicts }: AnsweredUpdate): string | undefined {
  if (readError === undefined) {
    return error === undefined || verdicts.every(({ outcome }) => outcome === "done") ? undefined : messageOf(error);
  }
  const read = messageOf(readError);
  if (error === undefined) {
    return `The update was sent, but could not be verified. ${read}`;
  }
  const sent = messageOf(error);
  return sent === read ? sent : `${sent} Reading back failed too: ${read}`;
}

function describeSaid({ by }: Said): string {
  if (by === "acceptance") {
    return "the gateway accepted it";
  }
  if (by === "omission") {
    return "the gateway's answer leaves it out";
  }
  if ("error" in by) {
    return describeFailure(by.error);
  }
  const { status, said } = by.row;
  return `the gateway answered "${shown(status)}"${said === undefined ? "" : ` (${shown(said)})`}`;
}

/** What became of a PUT that failed as a whole, in a few words. */
function describeFailure({ lost, status = 0 }: ApiError): string {
  if (lost && (status < 200 || status >= 300)) {
    return "its answer was lost";
  }
  return lost ? "its answer does not confirm it" : `the gateway answered ${status}`;
}
