import assert from "node:assert/strict";
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { changedPaths } from "../../../provider/hosts/native/changed-paths";
import { fromStruct, secret, toStruct, withSecrets } from "../../../provider/hosts/native/values";

describe("values on the wire of the native plugin", () => {
  it("come back as they went", () => {
    // The engine's own library for these messages loses a key of this name.
    const key = fc.string().filter((text) => text !== "__proto__");
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("any"), { maxLength: 4 }),
        fc.dictionary(key, tie("any"), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).any;
    fc.assert(
      fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (properties) => {
        const wire = toStruct(properties).serializeBinary();
        assert.deepEqual(fromStruct(Struct.deserializeBinary(wire)), properties);
      }),
    );
  });

  it("leave out what is undefined, at any depth", () => {
    assert.deepEqual(fromStruct(toStruct({ a: undefined, b: { c: undefined, d: 1 } })), { b: { d: 1 } });
  });

  it("unwrap a secret wherever it is, and mark only what is named and there", () => {
    const properties = { whole: secret({ a: secret("x") }), list: [secret(1)] };
    assert.deepEqual(fromStruct(toStruct(properties)), { whole: { a: "x" }, list: [1] });
    assert.deepEqual(withSecrets({ a: 1, b: 2 }, ["b", "c"]), { a: 1, b: secret(2) });
  });
});

describe("the paths of a difference", () => {
  const names = ["name", "map"];

  for (const [what, outputs, oldInputs, inputs, expected] of [
    ["nothing for what is an output only", { name: "x" }, {}, {}, {}],
    ["what is added", {}, {}, { name: "x" }, { name: "add" }],
    ["what is no longer declared", { name: "x" }, { name: "x" }, {}, { name: "delete" }],
    [
      "an entry of a map by its key, quoted",
      { map: { 'a "b"': 1 } },
      { map: {} },
      { map: { 'a "b"': 2 } },
      { 'map["a \\"b\\""]': "update" },
    ],
    ["a whole map that is new", {}, {}, { map: { a: 1 } }, { map: "add" }],
    ["nothing that is no input", { other: 1 }, { other: 1 }, { other: 2 }, {}],
  ] as const) {
    it(`are: ${what}`, () => {
      assert.deepEqual(Object.fromEntries(changedPaths(names, { outputs, oldInputs, inputs })), expected);
    });
  }
});
