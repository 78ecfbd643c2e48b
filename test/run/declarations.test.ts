import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import type { Claim } from "../../provider/resource/claim";
import { Declarations, type Moment, type Verdict } from "../../provider/resource/declarations";
import type { EngineProcess } from "../../provider/resource/engine-process";
import { RunBoard } from "../../provider/resource/run-board";
import { VirtualClock } from "../support/virtual-clock";
import { urnOf } from "../support/native-plugin";

const A = urnOf("TenantServiceLicenses", "a");
const B = urnOf("TenantServiceLicenses", "b");
const GATEWAY = "https://gw.example.com";
const HUNT: Claim = ["tenant", "foo", "groupServices.Hunt Group"];
const PARK: Claim = ["tenant", "foo", "groupServices.Call Park"];
const UP: EngineProcess = { id: `${process.pid}.1`, pid: process.pid, command: "up", isLimited: false };

interface Taking {
  readonly engine?: string;
  readonly cli?: EngineProcess | undefined;
  readonly label?: string;
  readonly address?: string | undefined;
}

describe("who still declares it", () => {
  const { signal } = new AbortController();
  let folder: string;
  let clock: VirtualClock;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-"));
    clock = new VirtualClock();
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const boardOf = (engine: string, cli: EngineProcess | undefined): RunBoard => new RunBoard({ engine, cli, folder });
  const plugin = (taking: Taking = {}): Declarations => {
    const { engine = "127.0.0.1:1", label = "the default provider" } = taking;
    const cli = "cli" in taking ? taking.cli : UP;
    const address = "address" in taking ? taking.address : GATEWAY;
    const board = boardOf(engine, cli);
    return new Declarations({ clock, board, cli, instance: { label: () => label, addressOf: () => address } });
  };
  const declare = (by: Declarations, owner: string, claims: readonly Claim[], heldId?: string): string[] => [
    ...by.declare({ owner, system: "tenantGateway", claims, heldId }).values(),
  ];
  /** The program makes a resource. */
  const announce = (name: string, claims: readonly Claim[], address: string | null = GATEWAY): void => {
    const owner = `voice-licenses:index:TenantServiceLicenses::${name}`;
    const announced = { stage: "announced", owner, instance: "the default provider", address, claims };
    boardOf("127.0.0.1:1", UP).write(JSON.stringify(announced));
  };
  const ask = async (of: Declarations, moment: Moment, claim = HUNT): Promise<Verdict> => {
    const [verdict] = await of.whoDeclares({ claims: [claim], system: "tenantGateway", moment }, signal);
    assert.ok(verdict);
    return verdict;
  };
  const why = async (of: Declarations, moment: Moment, claim = HUNT): Promise<string> => {
    const verdict = await ask(of, moment, claim);
    assert.ok(verdict.kind === "unknown", JSON.stringify(verdict));
    return verdict.why;
  };

  it("finds a clash of two resources of one instance, and of two instances with one address", () => {
    const [ours, west] = [plugin(), plugin({ label: "provider west" })];
    assert.deepEqual(declare(ours, A, [HUNT]), []);
    assert.deepEqual(declare(ours, B, [HUNT]), ["a"]);
    assert.deepEqual(declare(ours, B, [PARK]), [], "the last declaration counts");
    assert.deepEqual(declare(west, urnOf("TenantServiceLicenses", "c"), [HUNT]), ["a (the default provider)"]);
    assert.deepEqual(declare(ours, A, [HUNT]), ["c (provider west)"]);
  });

  it("finds no clash at another address, at one that is not known, in another run, of another object or of the same resource", () => {
    const others = [
      plugin({ address: "https://gw.west.example.com" }),
      plugin({ address: undefined }),
      plugin({ engine: "127.0.0.1:2", cli: { ...UP, id: "2.2" } }),
    ];
    for (const other of others) {
      declare(other, B, [HUNT]);
    }
    declare(plugin(), urnOf("TenantServiceLicenses", "c"), [["tenant", "bar", "groupServices.Hunt Group"]]);
    declare(plugin({ label: "where a was before" }), A, [HUNT]);
    assert.deepEqual(declare(plugin(), A, [HUNT]), []);
  });

  it("is the other resource, in whatever process it is checked", async () => {
    const [ours, west] = [plugin(), plugin({ label: "provider west" })];
    declare(west, B, [HUNT]);
    assert.deepEqual(await ask(ours, "end"), { kind: "declared", by: "b (provider west)" });
    assert.deepEqual(await ask(ours, "end", PARK), { kind: "nobody" });
  });

  it("is nobody for `pulumi destroy`: the policy in state counts, whatever is declared and whatever is not known", async () => {
    writeFileSync(path.join(folder, "not a folder"), "");
    const cli = { ...UP, command: "destroy" } as const;
    const board = new RunBoard({ engine: "127.0.0.1:1", cli, folder: path.join(folder, "not a folder") });
    const instance = { label: () => "x", addressOf: () => GATEWAY };
    const destroying = new Declarations({ clock, board, cli, instance });
    declare(destroying, A, [HUNT]);
    assert.deepEqual(await ask(destroying, "end"), { kind: "nobody" });
    assert.deepEqual(clock.pauses, []);
  });

  it("is not known where other processes cannot be heard", async () => {
    writeFileSync(path.join(folder, "not a folder"), "");
    const board = new RunBoard({ engine: "127.0.0.1:1", cli: UP, folder: path.join(folder, "not a folder") });
    const deaf = new Declarations({ clock, board, cli: UP, instance: { label: () => "x", addressOf: () => GATEWAY } });
    for (const moment of ["update", "replacement", "end"] as const) {
      assert.match(await why(deaf, moment), /^what other provider instances .* cannot be read \(.*not a directory/);
    }
  });

  it("is not known where --target or --exclude limits the run, unless the program itself has announced what it declares", async () => {
    const limited = plugin({ cli: { ...UP, isLimited: true } });
    declare(limited, A, []);
    assert.match(await why(limited, "end"), /--target or --exclude limits this run/);
    assert.match(await why(limited, "update"), /--target or --exclude limits this run/);
    announce("b", [PARK]);
    assert.deepEqual(await ask(limited, "end"), { kind: "nobody" });
    assert.deepEqual(await ask(limited, "end", PARK), { kind: "declared", by: "b" });
  });

  it("is doubted aloud where nothing shows how Pulumi was called", async () => {
    assert.equal(plugin().doubt, undefined);
    const blind = plugin({ cli: undefined });
    assert.match(blind.doubt ?? "", /--target or --exclude/);
    assert.deepEqual(await ask(blind, "end"), { kind: "nobody" });
    announce("b", [PARK]);
    await ask(blind, "end");
    assert.equal(blind.doubt, undefined);
  });

  describe("in an update, while the program may still be declaring", () => {
    it("waits until nothing has been declared for a while", async () => {
      const ours = plugin();
      const start = clock.now();
      declare(ours, A, [PARK]);
      assert.deepEqual(await ask(ours, "update"), { kind: "nobody" });
      assert.ok(clock.now() - start >= 3000, `waited ${clock.now() - start} ms`);
    });

    it("waits no longer where the clock of this machine is set back an hour", async () => {
      const ours = plugin();
      declare(ours, A, [PARK]);
      clock.in(1000, () => {
        clock.setBack(3_600_000);
      });
      const start = clock.elapsed();
      assert.deepEqual(await ask(ours, "update"), { kind: "nobody" });
      assert.ok(clock.elapsed() - start < 5000, `waited ${clock.elapsed() - start} ms`);
    });

    it("hears of a resource that comes meanwhile, in this process or another", async () => {
      const ours = plugin();
      declare(ours, A, [PARK]);
      clock.in(1000, () => declare(plugin({ label: "provider west" }), B, [HUNT]));
      assert.deepEqual(await ask(ours, "update"), { kind: "declared", by: "b (provider west)" });
    });

    it("waits for as long as a lookup takes that the program waits for", async () => {
      const ours = plugin();
      declare(ours, A, [PARK]);
      let end: () => void = () => undefined;
      const lookup = plugin({ label: "west" }).duringLookup(() => new Promise<void>((resolve) => (end = resolve)));
      const start = clock.now();
      clock.in(20_000, async () => {
        end();
        await lookup;
      });
      assert.deepEqual(await ask(ours, "update"), { kind: "nobody" });
      assert.ok(clock.now() - start >= 23_000);
    });

    it("does not wait where a preview has shown all that the program declares", async () => {
      declare(plugin({ engine: "127.0.0.1:9" }), B, [HUNT]);
      const ours = plugin();
      declare(ours, A, []);
      const start = clock.now();
      assert.deepEqual(await ask(ours, "update"), { kind: "declared", by: "b" });
      assert.deepEqual(await ask(ours, "update", PARK), { kind: "nobody" });
      assert.equal(clock.now(), start);
    });

    it("takes what is checked now for better than what the preview saw of the same resource", async () => {
      declare(plugin({ engine: "127.0.0.1:9" }), B, [["tenant", null, "groupServices.Hunt Group"]]);
      const ours = plugin();
      assert.match(await why(ours, "update"), /what b declares is not wholly known yet/);
      declare(ours, B, [["tenant", "bar", "groupServices.Hunt Group"]]);
      assert.deepEqual(await ask(ours, "update"), { kind: "nobody" });
    });

    it("is not known while a resource may declare it whose inputs are outputs of another", async () => {
      const ours = plugin();
      for (const [vague, verdict] of [
        [["tenant", null, "groupServices.Hunt Group"], "unknown"],
        [["tenant", "foo", null], "unknown"],
        [["tenant", null, "groupServices.Call Park"], "nobody"],
        [["tenant", "bar", null], "nobody"],
        [["customer", null], "nobody"],
      ] as const) {
        declare(ours, B, [vague]);
        assert.equal((await ask(ours, "update")).kind, verdict, JSON.stringify(vague));
      }
    });

    it("is not known while a resource declares it whose platform is not known", async () => {
      announce("b", [HUNT], null);
      const ours = plugin();
      assert.match(await why(ours, "update"), /what b declares is not wholly known yet/);
      declare(ours, B, [HUNT]);
      assert.deepEqual(await ask(ours, "update"), { kind: "declared", by: "b" });
    });

    it("counts resources of one name under different parents one by one", async () => {
      announce("b", [HUNT]);
      announce("b", [PARK]);
      const ours = plugin();
      const first = B.replace("voice-licenses:index", "my:index:Site$voice-licenses:index");
      declare(ours, first, [PARK]);
      assert.deepEqual(await ask(ours, "update"), { kind: "declared", by: "b" });
      declare(ours, B, []);
      assert.deepEqual(await ask(ours, "update"), { kind: "nobody" });
    });
  });

  describe("when a resource is deleted", () => {
    it("is the end where the program does not have it any more, or has created it again before", () => {
      const ours = plugin();
      assert.equal(ours.momentOfDelete("TenantServiceLicenses", "foo", A), "end");
      declare(ours, A, [], "foo");
      assert.equal(ours.momentOfDelete("TenantServiceLicenses", "foo", A), "replacement");
      assert.equal(ours.momentOfDelete("TenantServiceLicenses", "foo", undefined), "replacement");
      assert.equal(ours.momentOfDelete("TenantServiceLicenses", "bar", undefined), "end");
      ours.apply(A);
      assert.equal(ours.momentOfDelete("TenantServiceLicenses", "foo", A), "end");
      assert.equal(ours.momentOfDelete("TenantServiceLicenses", "foo", undefined), "end");
    });

    it("is a replacement where a preview, or the program itself, still has it", () => {
      declare(plugin({ engine: "127.0.0.1:9" }), A, [], "foo");
      assert.equal(plugin().momentOfDelete("TenantServiceLicenses", "foo", A), "replacement");
      announce("b", [HUNT]);
      assert.equal(plugin().momentOfDelete("TenantServiceLicenses", "foo", B), "replacement");
      assert.equal(plugin().momentOfDelete("TenantServiceLicenses", "other", undefined), "replacement");
    });

    it("is not known to be declared by nobody when it is replaced before the program is known", async () => {
      assert.match(await why(plugin(), "replacement"), /it is replaced before the rest of the program is known/);
      declare(plugin({ engine: "127.0.0.1:9" }), A, []);
      assert.deepEqual(await ask(plugin(), "replacement"), { kind: "nobody" });
    });
  });
});
