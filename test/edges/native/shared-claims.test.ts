import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { NoticeBoard } from "../../../provider/edges/native/notice-board";
import { SharedClaims } from "../../../provider/edges/native/shared-claims";
import { urnOf } from "../../support/native-plugin";

const FOO = urnOf("TenantServiceLicenses", "foo");
const TWICE = urnOf("TenantServiceLicenses", "twice");
const CLAIM = "tenant foo: groupServices.Hunt Group";

describe("what the plugin processes of one run claim", () => {
  let folder: string;
  let troubles: string[];
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-"));
    troubles = [];
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const board = (engine = "127.0.0.1:4711", pid = process.pid): NoticeBoard =>
    new NoticeBoard({ engine, folder, pid, onTrouble: (message) => troubles.push(message) });
  const instance = (label: string, address: string | undefined, place = board()): SharedClaims =>
    new SharedClaims({ label: () => label, addressOf: () => address }, place);

  it("is one object at two instances with one address: the second resource learns of the first", () => {
    const ours = instance("the default provider", "https://gw.example.com");
    const west = instance("provider west", "https://gw.example.com");
    assert.deepEqual([...ours.claim(FOO, [CLAIM])], []);
    assert.deepEqual([...west.claim(TWICE, [CLAIM])], [[CLAIM, "foo (the default provider)"]]);
    assert.deepEqual([...ours.claim(FOO, [CLAIM])], [[CLAIM, "twice (provider west)"]]);
    assert.deepEqual(troubles, []);
  });

  it("is known where something is to be removed", () => {
    const ours = instance("the default provider", "https://gw.example.com");
    const west = instance("provider west", "https://gw.example.com");
    assert.equal(ours.has(CLAIM), false);
    west.claim(TWICE, [CLAIM]);
    assert.equal(ours.has(CLAIM), true);
    west.claim(TWICE, []);
    assert.equal(ours.has(CLAIM), false, "the last declaration counts");
  });

  it("is no clash at another address, at one that is not known, in another run, or of the same resource", () => {
    const [foo, unknown, otherRun] = [
      instance("west", "https://gw.west.example.com"),
      instance("later", undefined),
      instance("other", "https://gw.example.com", board("127.0.0.1:4712")),
    ];
    for (const other of [foo, unknown, otherRun]) {
      other.claim(TWICE, [CLAIM]);
    }
    const sameResource = instance("moved", "https://gw.example.com");
    sameResource.claim(FOO, [CLAIM]);
    const ours = instance("ours", "https://gw.example.com");
    assert.deepEqual([...ours.claim(FOO, [CLAIM])], []);
    assert.deepEqual([...sameResource.claim(FOO, [CLAIM])], []);
  });

  it("is void once its process has ended, and tidied up by the next one", () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const ended = instance("ended", "https://gw.example.com", board("127.0.0.1:4711", pid));
    ended.claim(TWICE, [CLAIM]);
    assert.equal(readdirSync(folder).length, 1);
    const ours = instance("ours", "https://gw.example.com");
    assert.deepEqual([...ours.claim(FOO, [CLAIM])], []);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes(`.${pid}.`)),
      [],
    );
  });

  it("is read line by line, however far the other process has got", () => {
    const [reader, writer] = [board(), board()];
    writer.write("one");
    assert.deepEqual(reader.news(), ["one"]);
    assert.deepEqual(reader.news(), []);
    writer.write("zwei: ü");
    const [file = ""] = readdirSync(folder);
    writeFileSync(path.join(folder, file), "half", { flag: "a" });
    assert.deepEqual(reader.news(), ["zwei: ü"]);
    writeFileSync(path.join(folder, file), " a line\n", { flag: "a" });
    assert.deepEqual(reader.news(), ["half a line"]);
  });

  for (const [what, spoil] of [
    [
      "that others may write to",
      (): void => {
        chmodSync(folder, 0o777);
      },
    ],
    [
      "that is a link",
      (): void => {
        rmSync(folder, { recursive: true });
        symlinkSync(tmpdir(), folder);
      },
    ],
    [
      "that is a file",
      (): void => {
        rmSync(folder, { recursive: true });
        writeFileSync(folder, "");
      },
    ],
  ] as const) {
    it(`stays within a process where the meeting place is a folder ${what}: said once, and no reason to stop`, function () {
      if (process.platform === "win32") {
        this.skip();
      }
      spoil();
      const ours = instance("ours", "https://gw.example.com");
      assert.deepEqual([...ours.claim(FOO, [CLAIM])], []);
      assert.deepEqual([...ours.claim(TWICE, [CLAIM])], [[CLAIM, FOO]]);
      assert.equal(troubles.length, 1);
    });
  }
});
