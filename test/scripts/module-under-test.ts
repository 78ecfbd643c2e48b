import assert from "node:assert/strict";

type Callable = (...args: unknown[]) => unknown;

/**
 * Calls exported functions of one of the scripts' modules, whose types this compiler does not know.
 * @param load imports the module
 */
export function callerOf(load: () => Promise<unknown>): (name: string, ...args: unknown[]) => Promise<unknown> {
  return async (name, ...args) => {
    const module = await load();
    assert.ok(typeof module === "object" && module !== null);
    const exported: unknown = new Map<string, unknown>(Object.entries(module)).get(name);
    assert.ok(isCallable(exported), `${name} is not exported`);
    return await exported(...args);
  };
}

function isCallable(value: unknown): value is Callable {
  return typeof value === "function";
}
