import type { Instance } from "./instance";

/** How many objects on each side of its own a resource brings. */
const NEAR = 40;

/**
 * Objects that the preview of a new resource reads: each resource brings those near its own, which preview may read before their turn,
 * because the engine checks resources one at a time, in an order that is only roughly the program's.
 */
export class ReadAheadLists {
  private readonly lists = new Map<Instance, Map<string, string[]>>();

  /**
   * Adds an object.
   * @param type The resource's type token: objects are read with others of their type and instance.
   * @returns gives the objects near it, its own first, then those that follow, then those before it, the nearest first.
   */
  public add(instance: Instance, type: string, id: string): () => string[] {
    const ofInstance = this.lists.get(instance) ?? new Map<string, string[]>();
    this.lists.set(instance, ofInstance);
    const ids = ofInstance.get(type) ?? [];
    ofInstance.set(type, ids);
    const place = ids.push(id) - 1;
    return () => [...ids.slice(place, place + NEAR + 1), ...ids.slice(Math.max(0, place - NEAR), place).reverse()];
  }
}
