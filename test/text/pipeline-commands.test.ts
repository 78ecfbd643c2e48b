import assert from "node:assert/strict";
import { withEscapedCommands, withoutCommands } from "../../provider/text/pipeline-commands";

describe("commands to a pipeline in text that is printed", () => {
  for (const [what, text, expected] of [
    [
      "Azure's variable",
      "customer ##vso[task.setvariable variable=S]prod2",
      "customer # #vso[task.setvariable variable=S]prod2",
    ],
    ["Azure's in capitals", "##VSO[task.complete]", "# #VSO[task.complete]"],
    ["Azure's and GitHub's old form", "a ##[error]b ##[group]", "a # #[error]b # #[group]"],
    ["TeamCity's", "##teamcity[message text='x']", "# #teamcity[message text='x']"],
    ["GitHub's", "::error::x", ": :error::x"],
    ["GitHub's after spaces", "  ::set-env name=A::b", "  : :set-env name=A::b"],
    ["GitHub's at the start of a later line", "error: a\n::add-mask::b\r\t::x::", "error: a\n: :add-mask::b\r\t: :x::"],
    ["three hashes", "###[error]", "## #[error]"],
    ["none", "a::b and ## c, x ::error::", "a::b and ## c, x ::error::"],
  ] as const) {
    it(`breaks up ${what}`, () => {
      assert.equal(withoutCommands(text), expected);
      assert.equal(withoutCommands(expected), expected);
    });
  }

  it("keeps what JSON means", () => {
    const text = JSON.stringify({ name: "##vso[x]", other: "::error::" }, undefined, 2);
    const escaped = withEscapedCommands(text, (character) => (character === "#" ? "\\u0023" : "\\u003a"));
    assert.deepEqual(JSON.parse(escaped), JSON.parse(text));
    assert.equal(withoutCommands(escaped), escaped);
  });
});
