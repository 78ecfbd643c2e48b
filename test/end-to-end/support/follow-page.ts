import assert from "node:assert/strict";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { type Block, readPage, ROOT } from "../../docs/support/pages";
import type { TestStack } from "./stack";

/** In place of npm: a project whose packages are those of this repository. */
const NPM = `#!/bin/sh
set -eu
case "$1" in
  init) echo '{"name":"fleet","private":true,"main":"index.js"}' > package.json ;;
  pkg) sed -i.before "s/\\"main\\":\\"[^\\"]*\\"/\\"main\\":\\"\${3#main=}\\"/" package.json ;;
  install)
    mkdir -p node_modules/.bin
    ln -s "${ROOT}" node_modules/pulumi-voice-licenses
    for package in @pulumi @types typescript; do ln -s "${ROOT}/node_modules/$package" "node_modules/$package"; done
    printf '#!/bin/sh\\nexec "${process.execPath}" "${ROOT}/dist/cli/index.js" "$@"\\n' > node_modules/.bin/pulumi-voice-licenses
    chmod +x node_modules/.bin/pulumi-voice-licenses
    ln -s pulumi-voice-licenses node_modules/.bin/voice-licenses
    cp -r "${ROOT}/examples/gitops/scripts" . ;;
  *) exit 1 ;;
esac
`;
const NPX = '#!/bin/sh\nset -eu\ncommand=$1\nshift\nexec "node_modules/.bin/$command" "$@"\n';

/** What of a page is followed. */
export interface Excerpt {
  readonly page: string;
  /** Only what stands below these headings. @default the whole page */
  readonly headings?: readonly string[];
  /** What is done in place of a command that takes long. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** Blocks that are followed: a file to write or commands to run, and what the commands print. */
interface Step {
  readonly script: string;
  readonly expected: readonly string[];
}

function stepsOf({ page, headings, instead = {} }: Excerpt): Step[] {
  const blocks = readPage(page).blocks.filter(({ heading }) => headings?.includes(heading) ?? true);
  return blocks.flatMap((block, index) => {
    if (block.isSkipped) {
      return [];
    }
    if (block.file !== undefined) {
      return [{ script: `cat > ${block.file} <<'END OF FILE'\n${block.text}END OF FILE\n`, expected: [] }];
    }
    return block.language === "sh"
      ? [{ script: commandsOf(block, instead), expected: printedBy(blocks[index + 1]) }]
      : [];
  });
}

function commandsOf({ text }: Block, instead: Readonly<Record<string, string>>): string {
  return text
    .split("\n")
    .map((line) => (instead[line] ?? line).replace(/^(.*) # exits with (\d+)$/, '$1 || test "$?" -eq $2'))
    .join("\n");
}

function printedBy(next: Block | undefined): string[] {
  return next?.language === "text" ? next.text.trimEnd().split("\n") : [];
}

/** Does what a page says, in an empty folder; every line that it shows as output must be printed. */
export async function followPage(stack: TestStack, excerpts: readonly Excerpt[]): Promise<void> {
  const bin = path.join(stack.folder, "bin");
  const work = path.join(stack.folder, "work");
  mkdirSync(bin);
  mkdirSync(work);
  for (const [name, text] of Object.entries({ npm: NPM, npx: NPX })) {
    writeFileSync(path.join(bin, name), text);
    chmodSync(path.join(bin, name), 0o755);
  }
  const steps = excerpts.flatMap(stepsOf);
  assert.ok(steps.length >= 4, "the page has lost its commands");
  const script = steps.map((step, index) => `echo "=== ${index}"\n${step.script}`).join("");
  writeFileSync(path.join(work, "page.sh"), `set -eu\n${script}echo "=== end"\n`);
  const { code, output } = await stack.command("sh", ["-c", `PATH="${bin}:$PATH"; cd work; . ./page.sh`], {
    PULUMI_BACKEND_URL: undefined,
    HOME: work,
    CLONE: ROOT,
  });
  assert.equal(code, 0, output);
  for (const [index, { expected }] of steps.entries()) {
    const [, printed = ""] = new RegExp(`=== ${index}\n([^]*?)=== `).exec(output) ?? [];
    for (const line of expected) {
      assert.ok(printed.includes(line), `${line}\n\nis not in what step ${index} prints:\n\n${printed}`);
    }
  }
  // The stack's state is searched for secrets when it is closed.
  for (const state of readdirSync(work).filter((name) => existsSync(path.join(work, name, ".pulumi")))) {
    cpSync(path.join(work, state), path.join(stack.folder, "state", state), { recursive: true });
  }
}

/** Every write that the systems received since the last call, apart from logins, sorted. */
export async function writesTo(stack: TestStack): Promise<string[]> {
  return (await stack.writes())
    .filter((request) => !request.path.includes("login"))
    .map(({ method, path: where }) => `${method} ${where.replace(/customer\/[^/]*/, "customer/…")}`)
    .sort();
}
