import type { System } from "../settings/table";
import type { Instance } from "./instance";

/** What a program says of a resource before the engine hears of it, as far as it says so with plain values. */
export interface Announcement {
  readonly name: string;
  /** The type token. */
  readonly type: string;
  /** Which system it is about, and on which instance. */
  readonly system: System;
  readonly instance: Instance;
  /** What it claims, in the words of `LicenseResource.claims`. */
  readonly claims: readonly string[];
  /** The id of its object, where the preview of a new one reads that object separately. */
  readonly readAhead: string | undefined;
}

/** What one resource is to know of the others. */
export interface RestOfProgram {
  /** What others claim of the same objects. */
  readonly claimedElsewhere: readonly string[];
  /** What resources before it claim too, on another instance with the same address; each claim with how to call its owner. */
  readonly clashes: Readonly<Record<string, string>>;
  /**
   * Objects of the same type and instance near its own, which preview may read before their turn. Each resource brings some, because the
   * engine checks them in an order that is only roughly the program's.
   */
  readonly readAhead: readonly string[];
}

/** How many objects on each side of its own a resource brings. */
const NEAR = 40;

/** What the resources of one run of a program announce, in their order. */
export class Announcements {
  private readonly byObject = new Map<string, Set<Announcement>>();
  private readonly toReadAhead = new Map<Instance, Map<string, string[]>>();
  /** How many objects came before, of the same type and instance. */
  private readonly places = new Map<Announcement, number>();

  public add(announcement: Announcement): void {
    for (const object of objectsOf(announcement)) {
      const others = this.byObject.get(object) ?? new Set<Announcement>();
      this.byObject.set(object, others.add(announcement));
    }
    const { instance, type, readAhead } = announcement;
    if (readAhead !== undefined) {
      const ofInstance = this.toReadAhead.get(instance) ?? new Map<string, string[]>();
      this.toReadAhead.set(instance, ofInstance);
      const ids = ofInstance.get(type) ?? [];
      ofInstance.set(type, ids);
      this.places.set(announcement, ids.length);
      ids.push(readAhead);
    }
  }

  /** What the resource of `own` is to know of the others, as far as they have been announced. */
  public restFor(own: Announcement): RestOfProgram {
    const others = objectsOf(own).flatMap((object) =>
      [...(this.byObject.get(object) ?? [])].filter((other) => other !== own && onSamePlatform(other, own)),
    );
    return {
      claimedElsewhere: others.flatMap(({ claims }) => claims),
      clashes: this.clashesOf(own),
      readAhead: this.near(own),
    };
  }

  /** Its own object, those that follow, and those that came before, the nearest first. */
  private near(own: Announcement): string[] {
    const place = this.places.get(own);
    const ids = this.toReadAhead.get(own.instance)?.get(own.type) ?? [];
    if (place === undefined) {
      return [];
    }
    return [...ids.slice(place, place + NEAR + 1), ...ids.slice(Math.max(0, place - NEAR), place).reverse()];
  }

  /** Two resources of one instance are found by its plugin process, which also sees what the program does not say with plain values. */
  private clashesOf(own: Announcement): Record<string, string> {
    const clashes: Record<string, string> = {};
    for (const object of objectsOf(own)) {
      for (const other of this.byObject.get(object) ?? []) {
        if (other === own) {
          break;
        }
        if (other.instance !== own.instance && onSamePlatform(other, own)) {
          for (const claim of own.claims.filter((each) => other.claims.includes(each))) {
            clashes[claim] = `${other.name} (${other.instance.label})`;
          }
        }
      }
    }
    return clashes;
  }
}

/** Each `tenant foo` of `tenant foo: groupServices.Hunt Group`. */
function objectsOf({ claims }: Announcement): string[] {
  return [...new Set(claims.map((claim) => claim.split(": ", 1)[0] ?? claim))];
}

function onSamePlatform(one: Announcement, two: Announcement): boolean {
  const address = one.instance.addressOf(one.system);
  return one.instance === two.instance || (address !== undefined && address === two.instance.addressOf(two.system));
}
