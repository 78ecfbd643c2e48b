import assert from "node:assert/strict";
import { isNightly } from "../../support/extent";
import { buildSdks, createNativeNodeStack } from "./native-stack";
import { TestStack } from "./stack";

/** How programs reach the same resources. */
export interface Edge {
  readonly name: "dynamic" | "native";
  /** A stack whose programs go through this edge: by the npm package, or by the SDK for Node.js that is generated from the schema. */
  createStack(seed?: unknown): Promise<TestStack>;
}

export const DYNAMIC: Edge = {
  name: "dynamic",
  createStack: (seed) => TestStack.create(seed),
};
const NATIVE: Edge = {
  name: "native",
  createStack: createNativeNodeStack,
};

/**
 * One suite for both edges: the same programs, the same calls, the same words. The native edge is driven in the nightly form; `npm test`
 * drives it with the suites that are its sample.
 */
export function throughBothEdges(
  title: string,
  suite: (this: Mocha.Suite, edge: Edge) => void,
  { isSample = false } = {},
): void {
  describe(`${title}: dynamic resources`, function () {
    suite.call(this, DYNAMIC);
  });
  if (isSample || isNightly) {
    describe(`${title}: native plugin`, function () {
      before(async function () {
        // The generators may have to be compiled first.
        this.timeout(10 * 60_000);
        await buildSdks();
      });
      suite.call(this, NATIVE);
    });
  }
}

/** The arguments of `pulumi config` that name a setting of a system, through either edge. */
export function configKey(system: "livePlatform" | "tenantGateway", setting: string): readonly string[] {
  return ["--path", `voice-licenses:${system}.${setting}`];
}

/** Sets something in the configuration of a stack. */
export async function configure(
  stack: TestStack,
  key: readonly string[],
  value: string,
  { isSecret = false } = {},
): Promise<void> {
  const { code, output } = await stack.cli("config", "set", ...(isSecret ? ["--secret"] : []), ...key, value);
  assert.equal(code, 0, output);
}
