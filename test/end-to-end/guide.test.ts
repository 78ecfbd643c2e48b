import assert from "node:assert/strict";
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { TestStack } from "./support/stack";

const ROOT = path.resolve(__dirname, "../..");
const GUIDE = readFileSync(path.join(ROOT, "docs/gitops.md"), "utf8");

/** In place of npm: a project whose package is this repository. */
const NPM = `#!/bin/sh
set -eu
case "$1" in
  init) echo '{"name":"fleet","private":true,"main":"index.js"}' > package.json ;;
  install)
    mkdir -p node_modules/.bin
    ln -s "${ROOT}" node_modules/pulumi-voice-licenses
    ln -s "${ROOT}/node_modules/@pulumi" node_modules/@pulumi
    printf '#!/bin/sh\\nexec "${process.execPath}" "${ROOT}/dist/cli/index.js" "$@"\\n' > node_modules/.bin/voice-licenses
    chmod +x node_modules/.bin/voice-licenses
    ln -s voice-licenses node_modules/.bin/pulumi-voice-licenses
    cp -r "${ROOT}/examples/gitops/scripts" . ;;
  *) exit 1 ;;
esac
`;
const NPX = '#!/bin/sh\nset -eu\ncommand=$1\nshift\nexec "node_modules/.bin/$command" "$@"\n';

/** The commands of the guide, each block after a line that tells where its output begins; and what it is to print. */
function readGuide(): { readonly script: string; readonly expected: readonly (readonly string[])[] } {
  const blocks = [...GUIDE.matchAll(/^```(sh|text)\n([^]*?)^```$/gm)].map(([, kind, text = ""]) => ({ kind, text }));
  const commands = blocks.flatMap(({ kind, text }, index) => {
    const next = blocks[index + 1];
    const lines = next?.kind === "text" ? next.text.trimEnd().split("\n") : [];
    return kind === "sh" ? [{ text, lines }] : [];
  });
  const script = commands.map(
    ({ text }, index) =>
      `echo "=== ${index}"\n${text.replace(/^(.*) # exits with (\d+)$/gm, '$1 || test "$?" -eq $2')}`,
  );
  return { script: `set -eu\n${script.join("")}echo "=== end"\n`, expected: commands.map(({ lines }) => lines) };
}

describe("the guide From nothing to GitOps", function () {
  this.timeout(300_000);
  let stack: TestStack;
  before(async () => {
    stack = await TestStack.create();
  });
  after(() => stack.close());

  it("runs as it stands, and prints what it says", async () => {
    const bin = path.join(stack.folder, "bin");
    mkdirSync(bin);
    for (const [name, text] of [
      ["npm", NPM],
      ["npx", NPX],
    ] as const) {
      writeFileSync(path.join(bin, name), text);
      chmodSync(path.join(bin, name), 0o755);
    }
    const work = path.join(stack.folder, "work");
    mkdirSync(work);
    const { script, expected } = readGuide();
    assert.ok(expected.length >= 10, "the guide has lost its commands");
    writeFileSync(path.join(work, "guide.sh"), script);
    const { code, output } = await stack.command("sh", ["-c", `PATH="${bin}:$PATH"; cd work; . ./guide.sh`], {
      PULUMI_BACKEND_URL: undefined,
    });
    assert.equal(code, 0, output);
    for (const [index, lines] of expected.entries()) {
      const [, printed = ""] = new RegExp(`=== ${index}\n([^]*?)=== `).exec(output) ?? [];
      for (const line of lines) {
        assert.ok(printed.includes(line), `${line}\n\nis not in what block ${index} prints:\n\n${printed}`);
      }
    }
    const writes = (await stack.writes()).filter((request) => !request.path.includes("login"));
    assert.deepEqual(
      writes.map(({ method, path: where }) => `${method} ${where.replace(/customer\/.*/, "customer/…")}`),
      ["PATCH /tenantui/api/v3/customer/…", "PUT /api/v1/tenants/bar/licenses/"],
    );
    cpSync(path.join(work, "state"), path.join(stack.folder, "state"), { recursive: true });
  });
});
