import { type Claim, claimText, isKnownClaim, mayOverlap } from "./claim";
import { nameOf, typeOf } from "./urn";

/** What one resource of the program declares to own. */
export interface Declaration {
  /** Its URN; as the program itself announces it, before the engine has made one, `type::name`. */
  readonly owner: string;
  /** How messages call its provider instance. */
  readonly instance: string;
  /** Where its system is, in one spelling; `null` where that is not known. */
  readonly address: string | null;
  readonly claims: readonly Claim[];
  /** The id of the object that it held before, by state; absent for a new one. */
  readonly heldId?: string | undefined;
}

/**
 * How far a declaration is known: announced by the program, checked by a plugin in the preview before this run, or checked in this run.
 * A later one replaces the earlier ones of the same resource.
 */
export type Stage = "announced" | "previewed" | "checked";

/** Who declares a claim: nobody or somebody; or, where something is not known yet, who perhaps does. */
export interface Declarer {
  readonly isKnown: boolean;
  readonly owner?: Declaration | undefined;
}

/** Resources that share type and name, under different parents: only their number tells whether all that were announced are checked. */
interface Slot {
  announced: number;
  readonly checked: Set<string>;
}

/** The declarations of a run: of each resource, the one that is known best. */
export class DeclarationIndex {
  private readonly previewed = new Map<string, Declaration>();
  private readonly checked = new Map<string, Declaration>();
  private readonly slots = new Map<string, Slot>();
  private readonly byClaim = new Map<string, Set<Declaration>>();
  /** Those that do not say everything yet. */
  private readonly vague = new Set<Declaration>();
  private readonly stages = new Set<Stage>();

  /** Whether any declaration has come from this stage. */
  public has(stage: Stage): boolean {
    return this.stages.has(stage);
  }

  public put(stage: Stage, declaration: Declaration): void {
    this.stages.add(stage);
    const { owner } = declaration;
    if (stage === "announced") {
      this.slot(owner).announced += 1;
      this.add(declaration);
    } else if (stage === "checked" || !this.checked.has(owner)) {
      this.remove(this.checked.get(owner));
      this.remove(this.previewed.get(owner));
      this.previewed.delete(owner);
      this[stage].set(owner, declaration);
      this.add(declaration);
      if (stage === "checked") {
        this.slot(slotOf(owner)).checked.add(owner);
      }
    }
  }

  /** Each claim that another resource, checked in this run, makes at the same address. */
  public clashesOf({ owner, address, claims }: Declaration): Map<Claim, Declaration> {
    const clashes = new Map<Claim, Declaration>();
    for (const claim of claims.filter(isKnownClaim)) {
      const other = [...(this.byClaim.get(claimText(claim)) ?? [])].find(
        (one) => one.owner !== owner && this.checked.get(one.owner) === one && samePlace(one.address, address),
      );
      if (other !== undefined) {
        clashes.set(claim, other);
      }
    }
    return clashes;
  }

  /** Who declares a claim at an address. */
  public declarerOf(claim: Claim, address: string | null): Declarer {
    const same = [...(this.byClaim.get(claimText(claim)) ?? [])].filter((one) => this.counts(one));
    const owner = same.find((one) => samePlace(one.address, address));
    if (owner !== undefined) {
      return { isKnown: true, owner };
    }
    const perhaps = [...(address === null ? same : []), ...this.vague].find(
      (one) =>
        this.counts(one) &&
        (address === null || one.address === null || one.address === address) &&
        one.claims.some((other) => mayOverlap(other, claim)),
    );
    return { isKnown: perhaps === undefined, owner: perhaps };
  }

  /** Whether the program still has the resource with this URN. */
  public hasOwner(urn: string): boolean {
    return this.checked.has(urn) || this.previewed.has(urn) || this.isAwaited(slotOf(urn));
  }

  /** The resource of the program that held the object with this id, or one of this type that is still to be checked. */
  public holderOf(typeName: string, id: string): string | undefined {
    const isOfType = (owner: string): boolean => typeOf(owner).endsWith(`:${typeName}`);
    const holder = [...this.checked.values(), ...this.previewed.values()].find(
      (one) => one.heldId === id && isOfType(one.owner),
    );
    return holder?.owner ?? [...this.slots.keys()].find((owner) => this.isAwaited(owner) && isOfType(`::::${owner}`));
  }

  private slot(owner: string): Slot {
    const slot = this.slots.get(owner) ?? { announced: 0, checked: new Set() };
    this.slots.set(owner, slot);
    return slot;
  }

  /** Whether a resource of this type and name was announced that has not been checked yet. */
  private isAwaited(owner: string): boolean {
    const { announced, checked } = this.slot(owner);
    return checked.size < announced;
  }

  /** What the program announced is known better once all resources of that type and name have been checked. */
  private counts({ owner }: Declaration): boolean {
    return owner.startsWith("urn:") || this.isAwaited(owner);
  }

  private add(declaration: Declaration): void {
    if (declaration.address === null || !declaration.claims.every(isKnownClaim)) {
      this.vague.add(declaration);
    }
    for (const text of declaration.claims.map(claimText)) {
      this.byClaim.set(text, (this.byClaim.get(text) ?? new Set()).add(declaration));
    }
  }

  private remove(declaration: Declaration | undefined): void {
    if (declaration !== undefined) {
      this.vague.delete(declaration);
      for (const text of declaration.claims.map(claimText)) {
        this.byClaim.get(text)?.delete(declaration);
      }
    }
  }
}

function samePlace(one: string | null, two: string | null): boolean {
  return one !== null && one === two;
}

/** A URN as the program announces it. */
function slotOf(urn: string): string {
  return `${typeOf(urn)}::${nameOf(urn)}`;
}
