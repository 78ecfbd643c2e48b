import assert from "node:assert/strict";
import fc from "fast-check";
import { callerOf } from "./module-under-test";

const call = callerOf(() => import("../../scripts/lib/versions.mjs"));

describe("versions", () => {
  const atLeast: [text: string, wanted: string, expected: boolean][] = [
    ["v3.255.0", "3.216.0", true],
    ["3.216.0", "3.216.0", true],
    ["3.99.0", "3.216.0", false],
    ["4.0.0", "3.216.0", true],
    ["3.216.0-alpha.1722", "3.216.0", false],
    ["3.217.0-alpha.1722", "3.216.0", true],
    ["go1.26.8", "1.25.11", true],
    ["go1.25", "1.25.11", false],
    ["go1.25rc1", "1.25.0", false],
    ["v20.19.0", ">=20.19", true],
    ["v20.18.3", ">=20.19", false],
    ["v18.20.4", ">=20.19", false],
    ["unknown", "1.0.0", false],
  ];
  for (const [text, wanted, expected] of atLeast) {
    it(`${text} is ${expected ? "" : "not "}at least ${wanted}`, async () => {
      assert.equal(await call("isAtLeast", text, wanted), expected);
    });
  }

  it("orders as numbers do, part by part", async () => {
    const part = fc.nat({ max: 300 });
    const version = fc.tuple(part, part, part);
    await fc.assert(
      fc.asyncProperty(version, version, async (one, other) => {
        const difference = await call(
          "compareVersions",
          await call("parseVersion", one.join(".")),
          await call("parseVersion", other.join(".")),
        );
        const weight = ([major, minor, patch]: [number, number, number]): number =>
          (major * 1000 + minor) * 1000 + patch;
        assert.equal(Math.sign(Number(difference)), Math.sign(weight(one) - weight(other)));
      }),
    );
  });

  it("are written with three numbers", async () => {
    assert.equal(await call("formatVersion", await call("parseVersion", "v3.255")), "3.255.0");
  });
});

describe("the Node version", () => {
  const callNode = callerOf(() => import("../../scripts/lib/node-version.mjs"));

  it("too old gives one line with both versions", async () => {
    const problem = await callNode("nodeVersionProblem", "v18.20.4", ">=20.19");
    assert.equal(typeof problem, "string");
    assert.match(String(problem), /^Node >=20\.19 is needed, and this is v18\.20\.4: [^\n]+$/);
  });

  it("recent enough gives nothing", async () => {
    assert.equal(await callNode("nodeVersionProblem", "v22.1.0", ">=20.19"), undefined);
  });
});
