import { isPlainObject } from "../../text/plain-object";
import { fold } from "../transport/any-case";
import { looksLikeHtml, reportsError } from "../transport/error-in-body";
import type { ApiAnswer } from "../transport/http-api";

/** What a success (2xx) of a write says beyond its status. */
export type WriteAnswer =
  | { readonly kind: "done" }
  /** The system goes on with it in a task. */
  | { readonly kind: "task"; readonly id: string }
  /** The body does not say that it was done: reading back decides. */
  | { readonly kind: "unclear" };

/** A task's id is a word with a digit in it, `tsk_185510` or a UUID: neither `OK` nor a sentence. */
const TASK_ID = /^(?=\D*\d)[A-Za-z0-9][\w.:-]{0,199}$/;

/** The id of a task, from the bare string or the object that names one; `undefined` where there is none. */
export function taskIdOf({ json, text }: ApiAnswer): string | undefined {
  // Without quotes it is no JSON, but still as good an id.
  const said = json ?? text;
  const fields = isPlainObject(said) ? fold(said) : new Map<string, unknown>();
  const id = typeof said === "string" ? said : (fields.get("jobid") ?? fields.get("taskid") ?? fields.get("id"));
  return typeof id === "string" && TASK_ID.test(id.trim()) ? id.trim() : undefined;
}

/** Reads a 2xx of a write: `1`, no body, a task's id, or an object without an error is a success. */
export function readWriteAnswer(answer: ApiAnswer): WriteAnswer {
  const { json, text } = answer;
  if (text.trim() === "" || json === 1 || json === "1") {
    return { kind: "done" };
  }
  if (looksLikeHtml(text)) {
    return { kind: "unclear" };
  }
  if (typeof json === "string" || json === undefined) {
    return asTask(taskIdOf(answer)) ?? { kind: "unclear" };
  }
  if (!isPlainObject(json) || reportsError(json)) {
    return { kind: "unclear" };
  }
  const fields = fold(json);
  const namesTask =
    ["jobid", "taskid"].some((name) => fields.has(name)) || /^[a-z]{2,5}_\d/.test(String(fields.get("id")));
  return (namesTask ? asTask(taskIdOf(answer)) : undefined) ?? { kind: "done" };
}

function asTask(id: string | undefined): WriteAnswer | undefined {
  return id === undefined ? undefined : { kind: "task", id };
}
