import type { Clock } from "../time/clock";
import { shown } from "../text/shown";
import { isPlainObject } from "../text/plain-object";
import { type Claim, claimText } from "./claim";
import { type Declaration, DeclarationIndex, type Stage } from "./declaration-index";
import type { EngineProcess } from "./engine-process";
import type { SystemName } from "./license-resource";
import type { RunBoard } from "./run-board";
import { nameOf } from "./urn";

/**
 * When a resource lets go of something: in an update, while the program may still be declaring; when it is deleted to be created again,
 * which is just as early; or when it is deleted at the end, once the program has declared all that it does.
 */
export type Moment = "update" | "replacement" | "end";

/** Whether anything in the program still declares what a resource lets go of. */
export type Verdict =
  | { readonly kind: "nobody" }
  | { readonly kind: "declared"; readonly by: string }
  /** Then nothing may be removed. */
  | { readonly kind: "unknown"; readonly why: string };

/** What a resource lets go of, and when. */
export interface LettingGo {
  readonly claims: readonly Claim[];
  readonly system: SystemName;
  readonly moment: Moment;
}

/** A resource that the engine checks. */
export interface CheckedResource {
  /** Its URN. */
  readonly owner: string;
  readonly system: SystemName;
  readonly claims: readonly Claim[];
  /** The id of the object that it held before, by state. */
  readonly heldId?: string | undefined;
}

/** The provider instance that a process serves: how messages call it, and where its systems are. */
export interface Instance {
  label(): string;
  /** In one spelling; `undefined` where it is not known. */
  addressOf(system: SystemName): string | undefined;
}

/** Where this process stands in a run. */
export interface DeclarationsOptions {
  readonly clock: Clock;
  /** Where the processes of the run meet; `undefined` where there is no engine, so that this process is alone. */
  readonly board: RunBoard | undefined;
  /** The CLI, as far as this system shows it. */
  readonly cli: EngineProcess | undefined;
  readonly instance: Instance;
}

/** How long no resource may have been registered for a program to count as through, where no preview has shown what it declares. */
const QUIET_MS = 3000;
/** The longest wait for a program to come to its end. */
const LONGEST_WAIT_MS = 10 * 60_000;
/** How often other processes are heard while waiting. */
const LISTEN_EVERY_MS = 250;

/**
 * Who still declares it? The one place that answers this for every removal of a run: in an update and in a deletion, for this instance and
 * for others of the run. Not knowing is not "nobody".
 */
export class Declarations {
  private readonly index = new DeclarationIndex();
  private readonly applied = new Set<string>();
  private lastHeard = Number.NEGATIVE_INFINITY;
  private lookups = 0;

  public constructor(private readonly options: DeclarationsOptions) {}

  /**
   * Replaces what a resource declared before.
   * @returns each claim that another resource of the run makes too, with how to call that one.
   */
  public declare({ owner, system, claims, heldId }: CheckedResource): Map<string, string> {
    const own = { owner, instance: this.options.instance.label(), address: this.addressOf(system), claims, heldId };
    this.put("checked", own);
    // Written before read: of two processes that declare the same at the same time, at least one sees it.
    this.options.board?.write(JSON.stringify({ stage: "checked", ...own }));
    this.hear();
    return new Map(
      [...this.index.clashesOf(own)].map(([claim, other]) => [
        claimText(claim),
        // Resources under different parents may share a name.
        nameOf(other.owner) === nameOf(owner) ? other.owner : this.nameFor(other),
      ]),
    );
  }

  /** The engine creates or updates the resource now: what it held before is deleted only at the end. */
  public apply(owner: string): void {
    this.applied.add(owner);
  }

  /** Runs a lookup that the program waits for: it will go on declaring after that. */
  public async duringLookup<T>(work: () => Promise<T>): Promise<T> {
    this.count(1);
    try {
      return await work();
    } finally {
      this.count(-1);
    }
  }

  /** When the engine deletes this resource: `urn` where it says so, else what it is and the id of its object. */
  public momentOfDelete(typeName: string, id: string, urn: string | undefined): Moment {
    this.hear();
    const holder = urn === undefined ? this.index.holderOf(typeName, id) : this.index.hasOwner(urn) ? urn : undefined;
    return holder === undefined || this.applied.has(holder) ? "end" : "replacement";
  }

  /** Whether anything in the program still declares each of these claims. */
  public async whoDeclares(asked: LettingGo, signal: AbortSignal): Promise<readonly Verdict[]> {
    const { claims, system, moment } = asked;
    if (this.options.cli?.command === "destroy") {
      return claims.map(() => ({ kind: "nobody" }));
    }
    if (moment !== "end") {
      await this.untilThrough(asked, signal);
    }
    this.hear();
    const gap = this.gap(moment);
    return claims.map((claim): Verdict => {
      const { isKnown, owner } = this.index.declarerOf(claim, this.addressOf(system));
      if (owner !== undefined) {
        const by = this.nameFor(owner);
        return isKnown
          ? { kind: "declared", by }
          : { kind: "unknown", why: `what ${by} declares is not wholly known yet` };
      }
      return gap === undefined ? { kind: "nobody" } : { kind: "unknown", why: gap };
    });
  }

  /** What to warn of before a removal, where nothing shows whether a program still declares what is removed. */
  public get doubt(): string | undefined {
    const { board, cli } = this.options;
    return board === undefined || cli !== undefined || this.index.has("announced")
      ? undefined
      : "how Pulumi was called cannot be seen: with --target or --exclude, another resource of the program may still declare what is removed now";
  }

  /** Why a resource that nobody is known to declare may be declared all the same. */
  private gap(moment: Moment): string | undefined {
    const { board, cli } = this.options;
    if (board?.trouble !== undefined) {
      return `what other provider instances of this run declare cannot be read (${board.trouble})`;
    }
    // The program itself announces everything, whatever the engine leaves out.
    if (this.index.has("announced")) {
      return undefined;
    }
    if (cli?.isLimited === true) {
      return "--target or --exclude limits this run, so that not everything that the program declares is known; run `pulumi up` without it";
    }
    if (moment === "replacement" && board !== undefined && !this.index.has("previewed")) {
      return "it is replaced before the rest of the program is known; run `pulumi up` with its preview, which shows what the program declares";
    }
    return undefined;
  }

  private async untilThrough({ claims, system, moment }: LettingGo, signal: AbortSignal): Promise<void> {
    const { clock } = this.options;
    const end = clock.elapsed() + LONGEST_WAIT_MS;
    for (;;) {
      this.hear();
      const declarers = claims.map((claim) => this.index.declarerOf(claim, this.addressOf(system)));
      const isDecided = declarers.every(
        ({ isKnown, owner }) => isKnown && (owner !== undefined || this.index.has("previewed")),
      );
      const rest = this.lookups > 0 ? LISTEN_EVERY_MS : this.lastHeard + QUIET_MS - clock.elapsed();
      if (isDecided || this.gap(moment) !== undefined || rest <= 0 || clock.elapsed() >= end) {
        return;
      }
      await clock.sleep(Math.min(rest, LISTEN_EVERY_MS), signal);
    }
  }

  private hear(): void {
    for (const { text, isEarlier } of this.options.board?.news() ?? []) {
      const notice: unknown = JSON.parse(text);
      if (isLookup(notice)) {
        this.lookups += isEarlier ? 0 : notice.lookups;
        this.lastHeard = this.options.clock.elapsed();
      } else if (isDeclared(notice)) {
        const { stage, ...declaration } = notice;
        if (!isEarlier) {
          this.put(stage, declaration);
        } else if (stage === "checked") {
          this.index.put("previewed", declaration);
        }
      }
    }
  }

  private put(stage: Stage, declaration: Declaration): void {
    this.lastHeard = this.options.clock.elapsed();
    this.index.put(stage, declaration);
  }

  private count(lookups: 1 | -1): void {
    this.lookups += lookups;
    this.lastHeard = this.options.clock.elapsed();
    this.options.board?.write(JSON.stringify({ lookups }));
  }

  private addressOf(system: SystemName): string | null {
    const { board, instance } = this.options;
    // A process that is alone has one of each.
    return instance.addressOf(system) ?? (board === undefined ? "" : null);
  }

  private nameFor({ owner, instance }: Declaration): string {
    // Announced as `type::name`; a name may hold `::` itself.
    const name = shown(owner.startsWith("urn:") ? nameOf(owner) : owner.slice(owner.indexOf("::") + 2));
    return instance === this.options.instance.label() ? name : `${name} (${instance})`;
  }
}

/** Why a resource is refused that declares what others declare too. */
export function clashReason(clashes: ReadonlyMap<string, string>): string {
  const lines = [...clashes].map(([claim, other]) => `${claim} is declared by ${other} too`);
  return `${lines.join("; ")}: keep one of the two.`;
}

function isLookup(notice: unknown): notice is { readonly lookups: number } {
  return isPlainObject(notice) && typeof notice["lookups"] === "number";
}

/** Lines are written by this package alone, into a folder that is private. */
function isDeclared(notice: unknown): notice is Declaration & { readonly stage: "announced" | "checked" } {
  return isPlainObject(notice) && (notice["stage"] === "announced" || notice["stage"] === "checked");
}
