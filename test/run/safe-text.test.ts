import assert from "node:assert/strict";
import { safeLog, safeText } from "../../provider/resource/safe-text";

describe("text that leaves a plugin", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["a terminal's escapes", "Contoso\u001b[31m", "Contoso\\u{1b}[31m"],
    ["the direction of reading", "Contoso \u202Eexe.txt", "Contoso \\u{202e}exe.txt"],
    ["carriage returns, which overwrite a line", "fine\rerror", "fine\\u{d}error"],
    [
      "commands of Azure Pipelines",
      "##vso[task.setvariable variable=STACK]prod2",
      "# #vso[task.setvariable variable=STACK]prod2",
    ],
    ["commands of GitHub", "a list:\n  ::error::x", "a list:\n  : :error::x"],
    ["lines of a list", "refused:\n  one\n  two", "refused:\n  one\n  two"],
    ["stack traces", "Error: x\n\tat y", "Error: x\n  at y"],
    ["names with ::", "a::b: PUT Fax 3 → 5", "a::b: PUT Fax 3 → 5"],
  ];
  for (const [what, text, expected] of cases) {
    it(`is safe to show: ${what}`, () => {
      assert.equal(safeText(text), expected);
      assert.equal(safeText(safeText(text)), expected, "twice is as once");
    });
  }

  it("holds no secret in the engine's log", () => {
    const lines: unknown[] = [];
    const log = safeLog({ log: (...line) => lines.push(line), shown: () => Promise.resolve() }, (text) =>
      text.replaceAll("hush", "[secret]"),
    );
    log.log("warning", "hush \u0007", "urn:x");
    assert.deepEqual(lines, [["warning", "[secret] \\u{7}", "urn:x"]]);
  });
});
