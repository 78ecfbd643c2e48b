import assert from "node:assert/strict";
import path from "node:path";
import vm from "node:vm";
import ts from "typescript";
import { withoutEquivalents } from "../../tools/mutation/equivalents";
import { mutate } from "../../tools/mutation/mutants";
import { reportOf } from "../../tools/mutation/report";
import { filesOf, SOURCES, TESTS } from "../../tools/mutation/targets";

const ROOT = path.join(__dirname, "../..");

function changesOf(text: string): string[] {
  return mutate("a.ts", text, 1).mutants.map(({ change }) => change);
}

describe("mutation of a source", () => {
  const table: readonly (readonly [what: string, text: string, changes: readonly string[]])[] = [
    [
      "turns a condition into true and false, and moves the boundary of a comparison",
      "if (a < b) { f(); }",
      ["[a < b → true]", "[a < b → false]", "a [< → <=] b"],
    ],
    [
      "turns an operand of && into true, one of || into false, and the whole into the other value",
      "const x = a === 1 && (b || c()) ? 1 : 2;",
      ["[a === 1 && (b || c()) → false]", "[a === 1 → true]", "[b || c() → true]", "[b → false]", "[c() → false]"],
    ],
    ["changes a negation as a whole", "if (!(a === b)) { f(); }", ["[!(a === b) → true]", "[!(a === b) → false]"]],
    ["ends a loop before it begins", "while (a()) { f(b); }", ["[a() → false]", "[f(b); → nothing]"]],
    [
      "makes a predicate hold for all and for none",
      "const x = list.some((one) => has(one));",
      ["list.[some → every]((one) => has(one))", "[has(one) → true]", "[has(one) → false]"],
    ],
    [
      "subtracts in place of adding numbers, and leaves sums of texts",
      "const x = a + 1, y = `${b}` + c;",
      ["a [+ → -] 1"],
    ],
    ["takes the greatest for the least", "const x = Math.min(a, b);", ["Math.[min → max](a, b)"]],
    ["does not filter a list", "const x = list.filter(f).map(g);", ["list[.filter(f) → nothing]"]],
    ["never and always takes a fallback", "const x = a ?? b;", ["[a ??  → nothing]b", "a[ ?? b → nothing]"]],
    ["reads a property of what may be undefined", "const x = a?.b.c;", ["a[?. → .]b.c"]],
    ["turns true into false", "const x = { a: true };", ["[true → false]"]],
    [
      "leaves out calls, assignments and throws, but not the only one of an if",
      "f(); x = 1; if (a) { g(); } throw e;",
      ["[f(); → nothing]", "[x = 1; → nothing]", "[a → true]", "[a → false]", "[throw e; → nothing]"],
    ],
    [
      "returns the empty value of the declared type",
      "function f(): Promise<string[] | undefined> { return a; } const g = (): readonly A[] => b;",
      ["[a → undefined]", "[b → []]"],
    ],
    [
      "returns true and false where a boolean is declared",
      "function f(): boolean { return a(); }",
      ["[a() → true]", "[a() → false]"],
    ],
    ["leaves an element out of a list", "const x = [a, b];", ["[[a,  → nothing]b]", "[a[, b → nothing]]"]],
    [
      "leaves out what an object changes of another",
      "const x = { ...a, b: 1, c }, y = { b, c };",
      ["{ ...a[, b: 1 → nothing], c }", "{ ...a, b: 1[, c → nothing] }"],
    ],
    [
      "leaves types and patterns alone",
      "type A = true; let a: [true]; [b, c] = d as [true, B];",
      ["[[b, c] = d as [true, B]; → nothing]"],
    ],
  ];
  for (const [what, text, changes] of table) {
    it(what, () => {
      assert.deepEqual(changesOf(text), changes);
    });
  }

  it("names each mutant by its function and its line", () => {
    const { mutants } = mutate("a.ts", "class A {\n  b(): void {\n    const c = () => d(true);\n  }\n}", 7);
    assert.deepEqual(mutants, [{ id: 7, file: "a.ts", line: 3, within: "A.b.c", change: "[true → false]" }]);
  });

  it("lets one mutant act at a time, and none where none is asked for", () => {
    const { mutants, text } = mutate(
      "a.ts",
      "let x = [1]; if (a > 0 && a < 9) { x = [a ?? 7, 2]; x.push(3); } x.join();",
      1,
    );
    const script = new vm.Script(ts.transpile(text));
    const outcomeOf = (id: number): unknown =>
      script.runInNewContext({ a: 9, __mutant: (asked: number) => asked === id });
    assert.equal(outcomeOf(0), "1");
    assert.deepEqual(
      mutants.filter(({ id }) => outcomeOf(id) !== "1").map(({ id, change }) => `${change}: ${String(outcomeOf(id))}`),
      ["[[1 → nothing]]: ", "[a < 9 → true]: 9,2,3", "a [< → <=] 9: 9,2,3", "[x.join(); → nothing]: undefined"],
    );
  });
});

describe("what mutation testing names", () => {
  it("exists: sources, tests, and the mutant of each known equivalent", () => {
    assert.ok(filesOf(ROOT, TESTS).length > 0);
    const all = filesOf(ROOT, SOURCES).flatMap(
      (file) => mutate(file, ts.sys.readFile(path.join(ROOT, file)) ?? "", 1).mutants,
    );
    assert.ok(withoutEquivalents(all, true).length < all.length);
  });

  it("is refused where a file has moved", () => {
    assert.throws(
      () => filesOf(ROOT, ["provider/resource/{reduction-brake,elsewhere}.ts"]),
      /^Error: provider\/resource\/elsewhere\.ts matches no file/,
    );
  });
});

describe("the report of mutation testing", () => {
  it("counts what was noticed, file by file, and lists what was not", () => {
    const ends = ["killed", "timedOut", "survived", "unreached", "killed"] as const;
    const results = ends.map((end, index) => ({
      mutant: { id: index, file: "a.ts", line: index, within: "f", change: "a [< → <=] b" },
      end,
    }));
    const { text, score } = reportOf(results);
    assert.equal(score, 3 / 5);
    assert.equal(
      text,
      "| file | mutants | killed | timed out | survived |  score |\n" +
        "| ---- | ------: | -----: | --------: | -------: | -----: |\n" +
        "| a.ts |       5 |      2 |         1 |        2 | 60.0 % |\n" +
        "| all  |       5 |      2 |         1 |        2 | 60.0 % |\n\n" +
        "Survivors:\n\n- a.ts:2 f: `a [< → <=] b`\n- a.ts:3 f: `a [< → <=] b` (no test runs it)",
    );
  });
});
