import { mistakeIn, shownMistake } from "../../provider/resource/mistake";
import { isPlainObject } from "../../provider/text/plain-object";
import { CONTEXT_KEY, PROVIDER_KEY, withoutHiddenKeys } from "../../provider/hosts/dynamic/hidden-keys";
import { messageOf } from "../../provider/text/errors";
import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { checkFields, field } from "../../provider/resource/fields";
import { Cancelled, PartialFailure, Refusal } from "../../provider/resource/failures";
import { nearest } from "../../provider/text/nearest";
import { holdsUnknown, UNKNOWN_VALUE } from "../../provider/resource/unknowns";
import { withoutUndefined } from "../../provider/resource/properties";
import { TurnByTurn } from "../../provider/resource/turn-by-turn";
import { anything } from "./support/anything";

describe("the check of fields", () => {
  const FIELDS = {
    count: field(
      z.number("must be a number").transform((count) => count * 2),
      { scope: "remote", planned: true, doc: "" },
    ),
    password: field(z.string("must be a string").optional(), { scope: "remote", planned: true, doc: "", secret: true }),
  };

  it("returns inputs in their normal form, in the order of the table", () => {
    const { inputs, mistakes } = checkFields(FIELDS, { password: "p", count: 2 });
    assert.deepEqual(Object.entries(inputs), [
      ["count", 4],
      ["password", "p"],
    ]);
    assert.deepEqual(mistakes, []);
  });

  it("lets what is not known pass", () => {
    assert.deepEqual(checkFields(FIELDS, { count: UNKNOWN_VALUE }), { inputs: { count: UNKNOWN_VALUE }, mistakes: [] });
  });

  it("names what is missing, wrong, or misspelt, and no secret as a property", () => {
    assert.deepEqual(checkFields(FIELDS, { count: null, password: 5, pasword: "hush" }).mistakes, [
      { property: "", path: ["pasword"], message: "is not an input of this resource: did you mean password?" },
      { property: "count", path: ["count"], message: "is missing." },
      { property: "", path: ["password"], message: "must be a string." },
    ]);
  });

  it("has a word where a schema has none", () => {
    const odd = field(
      z.custom((value) => value === 1, { error: () => undefined }),
      { scope: "local", doc: "" },
    );
    assert.match(checkFields({ odd }, { odd: 2 }).mistakes[0]!.message, /.+\.$/);
  });

  it("cuts a name that is endless", () => {
    const { mistakes } = checkFields(FIELDS, { count: 1, ["x".repeat(10_000)]: 1 });
    assert.ok(shownMistake(mistakes[0]!).length < 200);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), anything), (raw) => {
        checkFields(FIELDS, raw);
      }),
    );
  });
});

describe("values that are not known", () => {
  it("are found however deep they lie", () => {
    for (const value of [UNKNOWN_VALUE, [1, UNKNOWN_VALUE], { a: { b: [{ c: UNKNOWN_VALUE }] } }]) {
      assert.equal(holdsUnknown(value), true);
    }
    for (const value of [undefined, null, 0, "", `${UNKNOWN_VALUE}!`, [], {}, { [UNKNOWN_VALUE]: 1 }]) {
      assert.equal(holdsUnknown(value), false);
    }
  });
});

describe("what goes over the wire", () => {
  it("holds no undefined, however deep, and nothing else is lost", () => {
    assert.deepEqual(
      withoutUndefined({ a: undefined, b: null, c: { d: undefined, e: { f: undefined, g: 0 } }, h: [1], i: "" }),
      { b: null, c: { e: { g: 0 } }, h: [1], i: "" },
    );
    const leaf = fc.constantFrom(undefined, null, 0, "x", false);
    const { tree } = fc.letrec((tie) => ({
      tree: fc.dictionary(fc.string(), fc.oneof(leaf, tie("tree")), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const stripped = withoutUndefined(value);
        assert.deepEqual(JSON.parse(JSON.stringify(stripped)), JSON.parse(JSON.stringify(value)));
        assert.deepEqual(withoutUndefined(stripped), stripped);
      }),
    );
  });

  it("holds no hidden keys", () => {
    assert.deepEqual(withoutHiddenKeys({ [PROVIDER_KEY]: "text", [CONTEXT_KEY]: {}, a: 1 }), { a: 1 });
  });

  it("is an object or not", () => {
    assert.deepEqual(
      [{}, Object.create(null), [], null, undefined, "x", 1].map((value: unknown) => isPlainObject(value)),
      [true, true, false, false, false, false, false],
    );
  });
});

describe("the nearest names", () => {
  const NAMES = [
    "Hunt Group",
    "Call Pickup",
    "Call Park",
    "Group Paging",
    "Speed Dial 8",
    "Speed Dial 100",
    "3G/4G Continuity",
  ];
  const table: readonly (readonly [string, readonly string[]])[] = [
    ["Hunt Gruop", ["Hunt Group"]],
    ["hunt-group", ["Hunt Group"]],
    ["HUNT_GROUP ", ["Hunt Group"]],
    ["Call Parkup", ["Call Park", "Call Pickup"]],
    ["Speed Dial 80", ["Speed Dial 8", "Speed Dial 100"]],
    ["3G 4G continuity", ["3G/4G Continuity"]],
    ["Zzzzzzzzzzz", []],
    ["", []],
  ];
  for (const [wanted, expected] of table) {
    it(`of ${JSON.stringify(wanted)} are ${expected.join(" and ") || "none"}`, () => {
      assert.deepEqual(nearest(wanted, NAMES), expected);
    });
  }

  it("are three at most, and the likest first, in whatever order they are given", () => {
    const names = ["abce", "abcd", "abcf", "abcg", "abch"];
    assert.deepEqual(nearest("abcd", names), ["abcd", "abce", "abcf"]);
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: 5 }), (shuffled) => {
        assert.deepEqual(nearest("abcd", shuffled), ["abcd", "abce", "abcf"]);
      }),
    );
  });

  it("are of those that are given, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (wanted) => {
        assert.ok(nearest(wanted, NAMES).every((name) => NAMES.includes(name)));
      }),
    );
  });
});

describe("failures", () => {
  it("name the path of each mistake", () => {
    const refusal = new Refusal([
      mistakeIn("tenantId", "there is none"),
      { property: "", path: ["groupServices", "A"], message: "no" },
      { property: "", path: ["groupServices", 3], message: "no" },
      { property: "", path: [], message: "nothing works." },
    ]);
    assert.equal(refusal.message, "tenantId: there is none\ngroupServices.A: no\ngroupServices[3]: no\nnothing works.");
    assert.equal(refusal.name, "Refusal");
  });

  it("carry what state must hold", () => {
    const failure = new PartialFailure("half done", { a: 1 });
    assert.deepEqual([failure.name, failure.message, failure.outputs], ["PartialFailure", "half done", { a: 1 }]);
    // The host would take any error with an id for one of its own.
    assert.equal("id" in failure, false);
  });

  it("have a message whatever was thrown", () => {
    assert.equal(messageOf(new Cancelled()), "The run was cancelled.");
    assert.equal(messageOf("plain"), "plain");
    assert.equal(messageOf(undefined), "undefined");
  });
});

describe("work turn by turn", () => {
  it("follows one another for the same key, in order, however it ends, and runs side by side for others", async () => {
    const turns = new TurnByTurn();
    const log: string[] = [];
    const work =
      (name: string, ends: "well" | "badly" = "well") =>
      async (): Promise<string> => {
        log.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        log.push(`${name} ends`);
        if (ends === "badly") {
          throw new Error(name);
        }
        return name;
      };
    const results = await Promise.allSettled([
      turns.take("foo", work("1", "badly")),
      turns.take("foo", work("2")),
      turns.take("bar", work("3")),
      turns.take("foo", work("4")),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["rejected", "fulfilled", "fulfilled", "fulfilled"],
    );
    assert.deepEqual(
      log.filter((line) => !line.startsWith("3")),
      ["1 begins", "1 ends", "2 begins", "2 ends", "4 begins", "4 ends"],
    );
    assert.ok(log.indexOf("3 begins") < log.indexOf("1 ends"));
    assert.equal(await turns.take("foo", work("5")), "5");
  });
});
