import type { Suite } from "mocha";
import { isNightly } from "../../support/extent";
import type { EdgeName } from "./edge";

export const BOTH_EDGES: readonly EdgeName[] = ["dynamic", "native"];

/** For what takes long: a native plugin has a gRPC server for each phase of a run. */
export const BOTH_EDGES_NIGHTLY: readonly EdgeName[] = isNightly ? BOTH_EDGES : ["dynamic"];

/** The same suite through each of these edges. */
export function describeOn(
  edges: readonly EdgeName[],
  title: string,
  suite: (this: Suite, edge: EdgeName) => void,
): void {
  for (const edge of edges) {
    describe(`${title} (${edge} edge)`, function () {
      suite.call(this, edge);
    });
  }
}
