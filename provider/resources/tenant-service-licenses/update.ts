import type { GatewayResult } from "../../apis/tenant-gateway";
import { ApiError } from "../../apis/transport/api-error";
import { messageOf } from "../../errors";
import type { Run } from "../../run/license-resource";
import { shownPath } from "../../run/mistake";
import { shown } from "../../text/shown";
import { describeDuration } from "../../time/duration";
import { readBack } from "../../time/read-back";
import { type Allocation, pathOf } from "./allocation";
import type { TenantGatewaySystem } from "./observe";
import { describeChanges, type ObservedServices, problemOf, type ServiceChange, toGatewayChange } from "./plan";

/** What became of one PUT. */
export interface TenantUpdate {
  /** What was read last; what was read before the PUT where nothing could be read after it. */
  readonly after: ObservedServices;
  /** Why each service is not as it was sent, by path. */
  readonly failed: ReadonlyMap<string, string>;
  /** Whether the gateway may have done, or may yet do, more than reading shows. */
  readonly unverified: boolean;
  /** What went wrong with the PUT or with reading back, as a whole. */
  readonly trouble: string | undefined;
}

/** What the gateway said of one service. */
interface Said {
  readonly verdict: "done" | "refused" | "unclear";
  /** For a message: `the gateway answered "failed" (No capacity)`. */
  readonly words: string;
  /** Whether the gateway says anything of this service by its name. */
  readonly isStated: boolean;
}

/** What the PUT was answered: what the gateway says of each service, or how the whole call failed. */
type Answer = { readonly results: readonly GatewayResult[] } | { readonly error: unknown };

/**
 * Sends one PUT and reads back. What reads back as it was sent is done, whatever the gateway answered; all else is reported with what
 * the gateway said of it.
 * @param read Reads the tenant; throws where it is gone.
 * @throws {ApiError} where the gateway refused the whole PUT, and reading back shows that it did nothing.
 */
export async function updateTenant(
  system: TenantGatewaySystem,
  tenantId: string,
  changes: readonly ServiceChange[],
  before: ObservedServices,
  read: () => Promise<ObservedServices>,
  run: Run,
): Promise<TenantUpdate> {
  const put = describeChanges(changes);
  run.progress(put);
  const answer = await send(system, tenantId, changes, run);
  const said = new Map(changes.map((change) => [change, saidOf(change, answer)]));
  const timeoutMs = isServerError(answer) ? 0 : system.settings.verifyTimeoutMs;
  let after = before;
  try {
    await readBack(
      async () => (after = await read()),
      (now) => {
        const isOver = changes.every((change) => isSettled(change, said.get(change), now));
        if (!isOver) {
          run.progress(`${put}: waiting until it reads back`);
        }
        return isOver;
      },
      { clock: run.clock, signal: run.signal, timeoutMs },
    );
  } catch (error) {
    run.tell(`${put}: not verified`);
    const failed = new Map(
      changes.map((change) => [pathOf(change.kind, change.name), describeUnread(change, after)] as const),
    );
    return { after, failed, unverified: true, trouble: unreadTrouble(answer, error) };
  }
  const missed = changes.filter((change) => !isDone(change, said.get(change), after));
  if (
    "error" in answer &&
    missed.length === changes.length &&
    changes.every((change) => said.get(change)?.verdict === "refused" && isUnchanged(change, after))
  ) {
    run.tell(`${put}: refused`);
    throw answer.error;
  }
  const failed = new Map(
    missed.map((change) => [
      pathOf(change.kind, change.name),
      describeMissed(change, said.get(change), after, timeoutMs),
    ]),
  );
  const unverified = missed.some((change) => said.get(change)?.verdict !== "refused" || !isUnchanged(change, after));
  run.tell(`${put}: ${describeEnd(changes, missed, answer, said)}`);
  if (missed.length === 0) {
    warnOfAnswer(answer, said, run);
  }
  const trouble = "error" in answer && missed.length > 0 ? messageOf(answer.error) : undefined;
  return { after, failed, unverified, trouble };
}

async function send(
  system: TenantGatewaySystem,
  tenantId: string,
  changes: readonly ServiceChange[],
  run: Run,
): Promise<Answer> {
  try {
    return { results: await system.api.putLicenses(tenantId, toGatewayChange(changes), run.signal) };
  } catch (error) {
    return { error };
  }
}

/** Words for success that gateways are known to use; only `updated` is documented. */
const DONE = new Set(["updated", "ok", "success", "succeeded", "done", "completed"]);
/** Words that say no. What is neither may still be done. */
const REFUSED = /fail|reject|refus|den[iy]|err|invalid|not|forbid|unauth|exceed|skip|ignor/;

/** Said of each service where the gateway answered a success and named none. */
const ACCEPTED = "the gateway accepted it";

function saidOf(change: ServiceChange, answer: Answer): Said {
  if ("error" in answer) {
    const verdict = isRefusal(answer.error) ? "refused" : "unclear";
    return { verdict, words: wordsOf(answer.error), isStated: false };
  }
  const result = answer.results.find(({ kind, name }) => kind === change.kind && name === change.name);
  if (result === undefined) {
    const words = answer.results.length === 0 ? ACCEPTED : "the gateway's answer leaves it out";
    return { verdict: "unclear", words, isStated: false };
  }
  const word = result.status.toLowerCase().replace(/[^a-z]/g, "");
  const reason = result.said === undefined ? "" : ` (${shown(result.said)})`;
  return {
    verdict: DONE.has(word) ? "done" : REFUSED.test(word) ? "refused" : "unclear",
    words: `the gateway answered "${shown(result.status)}"${reason}`,
    isStated: true,
  };
}

/** Whether an answer says that the whole update was not done. An earlier attempt of the same PUT may have been, all the same. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.status !== undefined &&
    error.status >= 400 &&
    error.status < 500 &&
    error.status !== 408 &&
    !error.lost
  );
}

/** A 500 says nothing of what was done; it is looked at once, and not waited for. */
function isServerError(answer: Answer): boolean {
  return "error" in answer && answer.error instanceof ApiError && answer.error.status === 500 && !answer.error.lost;
}

function allocationOf({ kind, name }: ServiceChange, seen: ObservedServices): Allocation | undefined {
  return seen[kind].get(name)?.allocation;
}

function isUnchanged(change: ServiceChange, seen: ObservedServices): boolean {
  return allocationOf(change, seen) === change.from;
}

/** Whether waiting longer can show nothing new. */
function isSettled(change: ServiceChange, said: Said | undefined, seen: ObservedServices): boolean {
  const now = allocationOf(change, seen);
  return now === change.to || now === undefined || (said?.verdict === "refused" && now === change.from);
}

/** What the gateway never listed cannot be read back: it is done if the gateway says so. */
function isDone(change: ServiceChange, said: Said | undefined, after: ObservedServices): boolean {
  const now = allocationOf(change, after);
  return now === change.to || (now === undefined && change.from === undefined && said?.verdict === "done");
}

function describeMissed(
  change: ServiceChange,
  said: Said | undefined,
  after: ObservedServices,
  timeoutMs: number,
): string {
  const { kind, name, to } = change;
  const path = shownPath([kind, name]);
  const problem = problemOf(after, kind, name);
  if (problem !== undefined) {
    return `${path}: ${said?.words ?? ""}, and what it lists for this service now cannot be read: ${shown(problem)}`;
  }
  const now = allocationOf(change, after) ?? "not listed";
  return said?.verdict === "done" || said?.words === ACCEPTED
    ? `${path}: ${said.words}, but after ${describeDuration(timeoutMs)} it still reads ${now}, not ${to}`
    : `${path}: ${said?.words ?? ""}; it is ${now}, not ${to}`;
}

function describeUnread(change: ServiceChange, lastSeen: ObservedServices): string {
  const now = allocationOf(change, lastSeen) ?? "not listed";
  return `${shownPath([change.kind, change.name])}: it was ${now}, and should now be ${change.to}`;
}

/** How the PUT ended, for its row. Where nothing of it shows, only a refusal says that it was not done. */
function describeEnd(
  changes: readonly ServiceChange[],
  missed: readonly ServiceChange[],
  answer: Answer,
  said: ReadonlyMap<ServiceChange, Said>,
): string {
  if (missed.length < changes.length) {
    const done = changes.length - missed.length;
    return missed.length === 0 ? "done" : `${done} of ${changes.length} services done`;
  }
  if ("error" in answer) {
    return isRefusal(answer.error) ? "not done" : `${wordsOf(answer.error)}, whether it was done is not known`;
  }
  const refused = missed.filter((change) => said.get(change)?.verdict === "refused").length;
  return refused === missed.length ? "not done" : `accepted${refused === 0 ? "" : " in part"}, not visible yet`;
}

/** What became of a PUT that failed as a whole, in a few words. */
function wordsOf(error: unknown): string {
  if (!(error instanceof ApiError)) {
    return "the update failed";
  }
  const { lost, status = 0 } = error;
  if (lost && (status < 200 || status >= 300)) {
    return "its answer was lost";
  }
  return lost ? "its answer does not confirm it" : `the gateway answered ${status}`;
}

function outcomeOf(error: unknown): string {
  return error instanceof ApiError ? error.outcome : messageOf(error);
}

function unreadTrouble(answer: Answer, readError: unknown): string {
  const read = messageOf(readError);
  if (!("error" in answer)) {
    return `The update was sent, but could not be verified. ${read}`;
  }
  const sent = messageOf(answer.error);
  return sent === read ? sent : `${sent} Reading back failed too: ${read}`;
}

/** All is as declared: what the gateway said to the contrary is worth one warning. */
function warnOfAnswer(answer: Answer, said: ReadonlyMap<ServiceChange, Said>, run: Run): void {
  if ("error" in answer) {
    run.warn(`${outcomeOf(answer.error)}, but reading back shows it done.`);
    return;
  }
  const contrary = [...said].filter(([, { verdict, isStated }]) => isStated && verdict !== "done");
  const [first] = contrary;
  if (first !== undefined) {
    const [{ kind, name }, { words }] = first;
    const others = contrary.length === 1 ? "" : ` (and ${contrary.length - 1} more)`;
    run.warn(`${shownPath([kind, name])}: ${words}${others}, but reading back shows it done.`);
  }
}
