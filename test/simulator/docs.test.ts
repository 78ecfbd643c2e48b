import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";

import { editSchema } from "../../simulator/edits";
import { faultKinds, faultRuleSchema } from "../../simulator/faults";
import { parseSeed, seedNames } from "../../simulator/seed";
import { settingsSchema } from "../../simulator/settings";

const TEXT = readFileSync(path.join(__dirname, "../../docs/development/simulator.md"), "utf8");

function blocks(language: string): string[] {
  return [...TEXT.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, text]) => text!);
}

function missing(names: readonly string[]): string[] {
  return names.filter((name) => !TEXT.includes(`\`${name}\``) && !new RegExp(`\`[^\`\\n]*\\b${name}\\b`).test(TEXT));
}

describe("docs/development/simulator.md", () => {
  it("names every key of a seed, every setting, every kind of fault and every part of an edit", () => {
    assert.deepEqual(missing([...seedNames, ...faultKinds, ...Object.keys(editSchema.shape)]), []);
  });

  it("shows every setting with its default and its other values", () => {
    const [section = ""] = TEXT.split("\n## Settings\n")[1]?.split("\n## ") ?? [];
    const rows = section.split("\n").map((line) => line.split("|"));
    const defaults = new Map<string, unknown>(Object.entries({ ...settingsSchema.parse({}), taskDuration: "5s" }));
    for (const [name, schema] of Object.entries(settingsSchema.shape)) {
      const values = rows.find(([, names]) => names?.includes(`\`${name}\``) === true)?.[2] ?? "";
      const inner = schema.unwrap();
      const options = inner instanceof z.ZodEnum ? inner.options : [];
      for (const value of [String(defaults.get(name)), ...options]) {
        assert.ok(values.includes(`\`${value}\``), `${name}: ${value}`);
      }
    }
  });

  it("has examples that the simulator takes", () => {
    const seeds = blocks("yaml");
    assert.equal(seeds.length, 1);
    const { gateway, livePlatform } = parseSeed(parse(seeds[0]!));
    assert.deepEqual([Object.keys(gateway.tenants), livePlatform.customers.length], [["foo"], 1]);
    const rules = blocks("json").flatMap((text): unknown => JSON.parse(text));
    assert.equal(rules.length, 6);
    for (const rule of rules) {
      faultRuleSchema.parse(rule);
    }
  });
});
