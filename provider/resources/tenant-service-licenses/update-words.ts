import type { ApiError } from "../../apis/transport/api-error";
import { messageOf } from "../../errors";
import { shownPath } from "../../run/mistake";
import { shown } from "../../text/shown";
import { describeDuration } from "../../time/duration";
import { problemOf } from "./plan";
import { type AnsweredUpdate, isRefusal, type Said, type ServiceVerdict } from "./update";

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
export function describeEnd(verdicts: readonly ServiceVerdict[]): string {
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
export function describeContrary(verdicts: readonly ServiceVerdict[]): string | undefined {
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
