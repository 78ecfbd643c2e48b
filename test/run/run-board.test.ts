import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { RunBoard } from "../../provider/resource/run-board";

const ENGINE = "127.0.0.1:4711";

describe("the board of a run", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const board = (engine = ENGINE, cli?: { id: string; pid: number }): RunBoard => new RunBoard({ engine, cli, folder });
  const texts = (reader: RunBoard): string[] => reader.news().map(({ text }) => text);

  it("shows each line to the other processes of the run, once", () => {
    const [reader, writer] = [board(), board()];
    writer.write("one");
    writer.write("two");
    assert.deepEqual(reader.news(), [
      { text: "one", isEarlier: false },
      { text: "two", isEarlier: false },
    ]);
    assert.deepEqual(reader.news(), []);
    assert.deepEqual(writer.news(), []);
  });

  it("shows a line when it is whole", () => {
    const [reader, writer] = [board(), board()];
    writer.write("zwei: ü");
    const [file = ""] = readdirSync(folder);
    writeFileSync(path.join(folder, file), "half", { flag: "a" });
    assert.deepEqual(texts(reader), ["zwei: ü"]);
    writeFileSync(path.join(folder, file), " a line\n", { flag: "a" });
    assert.deepEqual(texts(reader), ["half a line"]);
  });

  it("shows what an earlier run of the same CLI left, and nothing of another run", () => {
    const cli = { id: `${process.pid}.1`, pid: process.pid };
    board("127.0.0.1:1", cli).write("previewed");
    board("127.0.0.1:2", { ...cli, id: `${process.pid}.2` }).write("another CLI");
    board("127.0.0.1:3").write("no CLI");
    assert.deepEqual(board(ENGINE, cli).news(), [{ text: "previewed", isEarlier: true }]);
    assert.deepEqual(board(ENGINE).news(), []);
  });

  it("forgets processes that have ended, and tidies up after them", () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    board(ENGINE, { id: `${pid}.1`, pid }).write("gone");
    assert.deepEqual(board().news(), []);
    assert.deepEqual(readdirSync(folder), []);
  });

  for (const [what, spoil] of [
    [
      "that others may write to",
      () => {
        chmodSync(folder, 0o777);
      },
    ],
    [
      "that is a link",
      () => {
        rmSync(folder, { recursive: true });
        symlinkSync(tmpdir(), folder);
      },
    ],
    [
      "that is a file",
      () => {
        rmSync(folder, { recursive: true });
        writeFileSync(folder, "");
      },
    ],
  ] as const) {
    it(`is in trouble in a folder ${what}`, function () {
      if (process.platform === "win32") {
        this.skip();
      }
      const spoiled = board();
      spoil();
      spoiled.write("lost");
      assert.match(String(spoiled.trouble), /is not a directory of this user alone$/);
      assert.deepEqual(spoiled.news(), []);
    });
  }
});
