import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

interface Cells {
  readonly OLDEST_SDK: string;
  matrixCells(newest: string): { name: string; node: string; sdk: string }[];
  parseMatrixArguments(args: readonly string[]): { help: boolean; cells: string[]; test: string[] };
  chooseCells(cells: readonly { name: string }[], wanted: readonly string[]): { name: string }[];
}

describe("the matrix of versions", () => {
  let cells: Cells;
  before(async () => {
    cells = (await import("../../scripts/lib/matrix-cells.mjs")) as Cells;
  });

  it("has each Node with the oldest and the newest SDK that runs on it", () => {
    assert.deepEqual(
      cells.matrixCells("3.270.0").map(({ name }) => name),
      [
        "node20-sdk3.216.0",
        "node20-sdk3.248.0",
        "node22-sdk3.216.0",
        "node22-sdk3.270.0",
        "node24-sdk3.216.0",
        "node24-sdk3.270.0",
      ],
    );
    assert.deepEqual(cells.matrixCells("3.216.0").length, 3);
  });

  it("begins with the oldest SDK that the package declares to support", () => {
    const manifest = JSON.parse(readFileSync(path.join(__dirname, "..", "..", "package.json"), "utf8")) as {
      peerDependencies: Record<string, string>;
    };
    assert.equal(manifest.peerDependencies["@pulumi/pulumi"], `>=${cells.OLDEST_SDK.replace(/\.0$/, "")} <4`);
  });

  it("reads its command line", () => {
    assert.deepEqual(cells.parseMatrixArguments(["--cell", "node24", "--cell", "x", "--", "--only", "unit"]), {
      help: false,
      cells: ["node24", "x"],
      test: ["--only", "unit"],
    });
    assert.throws(() => cells.parseMatrixArguments(["--only", "unit"]), /--only: not known; see .* --help/);
    assert.throws(() => cells.parseMatrixArguments(["--cell"]), /--cell: not known/);
  });

  it("says what there is where nothing is like what was asked for", () => {
    const all = cells.matrixCells("3.270.0");
    assert.deepEqual(
      cells.chooseCells(all, ["node24"]).map(({ name }) => name),
      ["node24-sdk3.216.0", "node24-sdk3.270.0"],
    );
    assert.throws(() => cells.chooseCells(all, ["node18"]), /No cell is like node18: there are node20-sdk3\.216\.0, /);
  });
});
