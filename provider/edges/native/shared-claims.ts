import { Claims } from "../../run/claims";
import { nameOf } from "../../run/urn";
import type { NoticeBoard } from "./notice-board";

/** What a provider instance is to others: how messages call it, and where the object of a resource is. */
export interface ClaimingInstance {
  label(): string;
  /** The address of the system that the resource with this URN is about, in one spelling; `undefined` where it is not known. */
  addressOf(urn: string): string | undefined;
}

/**
 * The claims of this process and of the other provider instances of the run. The same object at two instances with one address is one
 * object.
 */
export class SharedClaims extends Claims {
  private readonly own = new Set<string>();
  /** How messages call the owners in other processes, by their URNs. */
  private readonly others = new Map<string, string>();

  public constructor(
    private readonly instance: ClaimingInstance,
    private readonly board: NoticeBoard,
  ) {
    super();
  }

  public override claim(owner: string, claims: readonly string[]): Map<string, string> {
    this.own.add(owner);
    // First written, then read: of two processes that claim the same at the same time at least one sees it.
    const address = this.instance.addressOf(owner);
    if (address !== undefined) {
      this.board.write(JSON.stringify([address, owner, this.instance.label(), ...claims]));
    }
    this.readBoard();
    const clashes = super.claim(owner, claims);
    return new Map([...clashes].map(([claim, other]) => [claim, this.others.get(other) ?? other]));
  }

  public override has(claim: string): boolean {
    this.readBoard();
    return super.has(claim);
  }

  private readBoard(): void {
    for (const notice of this.board.news()) {
      const [address, owner = "", label = "", ...claims] = JSON.parse(notice) as string[];
      if (address === this.instance.addressOf(owner) && !this.own.has(owner)) {
        this.others.set(owner, `${nameOf(owner)} (${label})`);
        super.claim(owner, claims);
      }
    }
  }
}
