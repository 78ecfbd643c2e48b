import type { AssessedObject, Assessment, AssessmentError, IgnoredObject, UnmanagedObject } from "../assessment";
import { refusalLines, shownValue } from "./shown";
import { withEscapedCommands } from "../../../provider/text/pipeline-commands";
import { shown } from "../../../provider/text/shown";

/** A drift report for a pipeline: a test case for each object; `failOnUnmanaged` makes unmanaged ones fail too. */
export function driftJunit(assessment: Assessment, failOnUnmanaged: boolean): string {
  const { objects, unmanaged, errors, ignored, notes } = assessment;
  const cases = [
    ...objects.map(caseOf),
    ...ignored.map(ignoredCase),
    ...errors.map(errorCase),
    ...unmanaged.map((object) => unmanagedCase(object, failOnUnmanaged)),
  ];
  const failures = objects.filter(({ differences }) => differences.length > 0).length;
  const counts = [
    `tests="${cases.length}"`,
    `failures="${failures + (failOnUnmanaged ? unmanaged.length : 0)}"`,
    `errors="${errors.length}"`,
    `skipped="${ignored.length + (failOnUnmanaged ? 0 : unmanaged.length)}"`,
  ].join(" ");
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="voice-licenses drift" ${counts}>`,
    `  <testsuite name="voice-licenses drift" ${counts}>`,
    ...cases,
    ...(notes.length === 0 ? [] : [`    <system-out>${notes.map(escaped).join("\n")}</system-out>`]),
    "  </testsuite>",
    "</testsuites>",
  ].join("\n");
}

function caseOf(object: AssessedObject): string {
  const { kind, name, differences, calls } = object;
  if (differences.length === 0) {
    return testCase(kind, name);
  }
  const lines = differences.map(({ property, declared, actual }) =>
    property === null ? "is missing" : `${property}: declared ${shownValue(declared)}, is ${shownValue(actual)}`,
  );
  const next = [
    ...calls.map((call) => `up would call: ${call}`),
    ...refusalLines(object).map((line) => `up would refuse: ${line}`),
  ];
  return testCase(kind, name, element("failure", lines[0] ?? "", [...lines, ...next]));
}

function errorCase({ kind, name, message }: AssessmentError): string {
  return testCase(kind, name, element("error", message, [message]));
}

function ignoredCase({ kind, id, name }: IgnoredObject): string {
  return testCase(kind, titleOf(id, name), element("skipped", "left out by --ignore", []));
}

/** Names of customers may be those of others, so the GUID stands with them. */
function titleOf(id: string, name: string): string {
  return name === id ? name : `${name} (${id})`;
}

function unmanagedCase({ kind, id, name, holds }: UnmanagedObject, fails: boolean): string {
  const message = `unmanaged: ${holds}`;
  return testCase(kind, titleOf(id, name), element(fails ? "failure" : "skipped", message, []));
}

function testCase(kind: string, name: string, content?: string): string {
  const start = `    <testcase classname="${kind}" name="${escaped(name)}"`;
  return content === undefined ? `${start}/>` : `${start}>\n${content}\n    </testcase>`;
}

function element(tag: string, message: string, lines: readonly string[]): string {
  const start = `      <${tag} message="${escaped(message)}"`;
  return lines.length === 0 ? `${start}/>` : `${start}>${lines.map(escaped).join("\n")}</${tag}>`;
}

/** Control characters are not allowed in XML in any form, nor are halves of surrogate pairs. */
function escaped(text: string): string {
  const xml = shown(text)
    .replaceAll(/\p{Cs}|[\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
  return withEscapedCommands(xml, (character) => `&#${character.charCodeAt(0)};`);
}
