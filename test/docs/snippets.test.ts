import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import ts from "typescript";
import { parse } from "yaml";
import { checkFleet } from "../../fleet/check-fleet";
import { ALL_SETTINGS } from "../../provider/systems/settings";
import { FLEET_KEYS, OTHER_VARIABLES } from "../../provider/systems/settings/table";
import { allPages, type Block, ROOT } from "./support/pages";

const pages = allPages();
const blocks = pages.flatMap((page) => page.blocks);
const NATIVE_SDK = "pulumi-voice-licenses-native";

function blocksIn(...languages: readonly string[]): Block[] {
  return blocks.filter(({ language }) => languages.includes(language));
}

/** What the compiler says of programs, each a module of its own in a project of somebody who uses the package. */
function compilerErrors(programs: readonly Block[]): string[] {
  const options: ts.CompilerOptions = {
    allowJs: true,
    checkJs: true,
    esModuleInterop: true,
    lib: ["lib.es2023.d.ts"],
    module: ts.ModuleKind.Node16,
    noEmit: true,
    paths: {
      "pulumi-voice-licenses": [path.join(ROOT, "provider/index.ts")],
      "pulumi-voice-licenses/fleet": [path.join(ROOT, "fleet/index.ts")],
    },
    skipLibCheck: true,
    strict: true,
    target: ts.ScriptTarget.ES2022,
    types: ["node"],
  };
  const host = ts.createCompilerHost(options);
  const texts = new Map(
    programs.map((block, index) => {
      const extension = block.language === "js" ? "js" : "ts";
      return [path.join(ROOT, `snippet-${index}.${extension}`), block] as const;
    }),
  );
  const { fileExists, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.getSourceFile = (file, target, onError) => {
    const block = texts.get(file);
    return block === undefined ? getSourceFile(file, target, onError) : ts.createSourceFile(file, block.text, target);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts].flatMap(([file, { place }]) => {
    const source = program.getSourceFile(file) ?? assert.fail(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${place}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
  });
}

interface YamlProgram {
  readonly resources?: Record<string, { readonly type: string; readonly properties: object }>;
}

/** What a YAML program for the plugin gives that the plugin's schema has not. */
function unknownToSchema({ resources = {} }: YamlProgram): string[] {
  const schema = JSON.parse(readFileSync(path.join(ROOT, "schema.json"), "utf8")) as {
    readonly resources: Record<string, { readonly inputProperties: object }>;
    readonly config: { readonly variables: object };
  };
  return Object.entries(resources).flatMap(([name, { type, properties }]) => {
    const known = type.startsWith("pulumi:providers:")
      ? schema.config.variables
      : schema.resources[type.replace(/^voice-licenses:(?=\w+$)/, "voice-licenses:index:")]?.inputProperties;
    return known === undefined
      ? [`${name}: ${type}`]
      : Object.keys(properties).flatMap((key) => (key in known ? [] : [`${name}: ${key}`]));
  });
}

/** The commands of the command line by name: each has a module of its name. */
function cliCommands(): Map<string, Command> {
  const names = readdirSync(path.join(ROOT, "cli", "commands")).flatMap((file) =>
    file.endsWith(".ts") ? [file.slice(0, -3)] : [],
  );
  return new Map(
    names.flatMap((name) => {
      const file = path.join(ROOT, "cli", "commands", `${name}.ts`);
      if (!readFileSync(file, "utf8").includes(`export function ${name}Command(`)) {
        return [];
      }
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- the list of modules is read from the disk
      const module = require(file) as Record<string, (finish: () => void) => Command>;
      const make = module[`${name}Command`] ?? assert.fail(name);
      return [[name, make(() => undefined)] as const];
    }),
  );
}

describe("the code on the pages", () => {
  it("in TypeScript and JavaScript passes the compiler's strict checks", function () {
    this.timeout(120_000);
    const programs = blocksIn("ts", "typescript", "js").filter(({ text }) => !text.includes(NATIVE_SDK));
    assert.ok(programs.length >= 6);
    assert.deepEqual(compilerErrors(programs), []);
  });

  it("in YAML and JSON is well-formed", () => {
    for (const { place, text, language } of blocksIn("yaml", "json")) {
      assert.doesNotThrow(() => (language === "json" ? JSON.parse(text) : parse(text)) as unknown, place);
    }
  });

  it("that is a fleet file has no mistakes", () => {
    const files = blocksIn("yaml").filter(({ text }) => /^(customers|tenants):/m.test(text));
    assert.ok(files.length >= 3);
    for (const { place, text } of files) {
      const checked = checkFleet(text);
      assert.ok("fleet" in checked, `${place}: ${JSON.stringify(checked)}`);
    }
  });

  it("that is a program for the plugin has resources and properties of its schema", () => {
    const programs = blocksIn("yaml").filter(({ text }) => /^resources:/m.test(text));
    assert.ok(programs.length >= 3);
    for (const { place, text } of programs) {
      assert.deepEqual(unknownToSchema(parse(text) as YamlProgram), [], place);
    }
  });

  it("in Python can be parsed", function () {
    if (spawnSync("python3", ["--version"]).status !== 0) {
      this.skip();
    }
    for (const { place, text } of blocksIn("python")) {
      const { status, stderr } = spawnSync("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], {
        input: text,
        encoding: "utf8",
      });
      assert.equal(status, 0, `${place}: ${stderr}`);
    }
  });
});

describe("the commands on the pages", () => {
  const commands = cliCommands();
  const shell = blocksIn("sh").map(({ place, text }) => [place, text.replaceAll(/\\\n\s*/g, "")] as const);
  const prompts = blocksIn("text", "").flatMap(({ place, text }) =>
    [...text.matchAll(/^\$ (.*)$/gm)].map(([, line = ""]) => [place, line] as const),
  );
  const spans = pages.flatMap(({ file, text }) =>
    [...text.matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => [file, span] as const),
  );
  const lines = [...shell, ...prompts].flatMap(([place, text]) =>
    text.split("\n").map((line) => [place, line.replace(/(^|\s)#.*$/, "")] as const),
  );

  it("in sh can be read by a shell", () => {
    for (const [place, text] of shell) {
      assert.doesNotThrow(() => execFileSync("sh", ["-n"], { input: text, stdio: "pipe" }), place);
    }
  });

  it("are commands of the command line, with options that it has", () => {
    const calls = [...lines, ...spans].flatMap(([place, line]) =>
      [
        ...line.matchAll(
          /(?:(?:^|\s|\/)voice-licenses|pulumi-voice-licenses|dist\/cli\/index\.js) (?!resource)([a-z]+)([^|&;)>]*)/g,
        ),
      ].map(([, name = "", rest = ""]) => ({
        place,
        name,
        options: [...rest.matchAll(/(?:^|\s)(--[a-z-]+)/g)].map(([, option = ""]) => option),
      })),
    );
    assert.ok(calls.length > 40);
    const wrong = calls.flatMap(({ place, name, options }) => {
      const command = commands.get(name);
      if (command === undefined) {
        return name === "help" ? [] : [`${place}: ${name}`];
      }
      const known = new Set(command.options.map(({ long }) => long));
      return options.filter((option) => !known.has(option)).map((option) => `${place}: ${name} ${option}`);
    });
    assert.deepEqual(wrong, []);
  });

  it("of the command line are each in the README and in docs/cli.md", () => {
    assert.ok(commands.size >= 11);
    for (const file of ["README.md", "docs/cli.md"]) {
      const text = readFileSync(path.join(ROOT, file), "utf8");
      const listed = [...text.matchAll(/^\| `([a-z]+)\b/gm)].map(([, name]) => name);
      assert.deepEqual(
        [...commands.keys()].filter((name) => !listed.includes(name)),
        [],
        file,
      );
    }
  });

  it("name in docs/cli.md only options that a command has", () => {
    const known = new Set([...commands.values()].flatMap(({ options }) => options.map(({ long }) => long)));
    const ofOthers = new Set(["--refresh", "--secret", "--global"]);
    const named = spans
      .filter(([file]) => file === "docs/cli.md")
      .flatMap(([, span]) => span.match(/--[a-z][a-z-]*/g) ?? []);
    assert.ok(named.length > 10);
    assert.deepEqual(
      named.filter((option) => !known.has(option) && !ofOthers.has(option)),
      [],
    );
  });

  it("of npm are scripts of package.json", () => {
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as { scripts: object };
    const run = [...lines, ...spans].flatMap(([place, line]) =>
      [...line.matchAll(/npm (?:--prefix \S+ )?run ([a-z:]+)/g)].map(([, name = ""]) => [place, name] as const),
    );
    assert.ok(run.length > 10);
    assert.deepEqual(
      run.filter(([, name]) => !(name in scripts)),
      [],
    );
  });

  it("set keys of the configuration that there are", () => {
    const keys = new Set([
      ...ALL_SETTINGS.flatMap(({ key, prefix, name }) => [key, `voice-licenses:${prefix}.${name}`]),
      ...FLEET_KEYS.map((key) => `voice-licenses:${key}`),
    ]);
    const set = lines.flatMap(([place, line]) =>
      [...line.matchAll(/pulumi config (?:set|rm) (?:--\S+ )*(\S+:\S+)/g)].map(([, key = ""]) => [place, key] as const),
    );
    assert.ok(set.length > 15);
    assert.deepEqual(
      set.filter(([, key]) => !keys.has(key) && !/^voice-licenses:\w+AppSecret$/.test(key)),
      [],
    );
  });
});

describe("the pages", () => {
  it("name the version of this package where they install it", () => {
    const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as { version: string };
    const named = pages
      .filter(({ file }) => file !== "CHANGELOG.md")
      .flatMap(({ file, text }) =>
        [...text.matchAll(/voice-licenses(?:-| v?)(\d+\.\d+\.\d+)/g)].map(([, one]) => [file, one] as const),
      );
    assert.ok(named.length >= 5);
    assert.deepEqual(
      named.filter(([, one]) => one !== version),
      [],
    );
  });

  it("name only environment variables that are read", () => {
    const known = new Set([...ALL_SETTINGS.map(({ variable }) => variable), ...OTHER_VARIABLES]);
    const sources = ["scripts", "test", "examples"].flatMap((folder) =>
      readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => /\.(ts|mjs|go|sh)$/.test(file) && !file.includes("node_modules"))
        .map((file) => readFileSync(path.join(ROOT, folder, file), "utf8")),
    );
    const elsewhere = sources.join("\n");
    const named = pages
      .filter(({ file }) => file !== "CHANGELOG.md")
      .flatMap(({ file, text }) =>
        (text.match(/\b(?:LIVE_PLATFORM|TENANT_GATEWAY|VOICE_LICENSES)_[A-Z_]*[A-Z]\b/g) ?? []).map(
          (name) => `${file}: ${name}`,
        ),
      );
    assert.ok(named.length > 60);
    assert.deepEqual(
      [...new Set(named)].filter((one) => {
        const [, name = ""] = one.split(": ");
        return !known.has(name) && !elsewhere.includes(name);
      }),
      [],
    );
  });
});
