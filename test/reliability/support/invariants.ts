import { isDeepStrictEqual } from "node:util";
import type { StateEntry } from "./engine-model";
import type { Holdings, World, Write } from "./world";

/** Everything that is wrong after a case, a sentence each. */
export function complaints(
  world: World,
  seed: Holdings,
  touches: readonly string[],
  secrets: readonly string[],
  state: readonly StateEntry[],
  isCrash = false,
): string[] {
  return [
    ...strays(world),
    ...scoldings(world),
    ...upgrades(world),
    ...idleWrites(world.writes, isCrash),
    ...refusedWrites(world.writes),
    ...outsideOf(world.holdings(), seed, touches),
    ...leaks(world, secrets, state),
    ...stackTraces(world),
  ];
}

function strays(world: World): string[] {
  const wrong = world.journal().filter(({ api, method }) => api === "unknown" || method === "DELETE");
  return [
    ...(world.strays > 0 ? [`${world.strays} requests followed a redirect to another host`] : []),
    ...wrong.map(({ method, path }) => `a request to a path that is none: ${method} ${path}`),
  ];
}

function scoldings(world: World): string[] {
  return world
    .journal()
    .flatMap(({ n, method, path, scolded }) =>
      scolded === undefined ? [] : [`request ${n}, ${method} ${path}, ${scolded}`],
    );
}

function upgrades(world: World): string[] {
  const perCustomer = new Map<string, number>();
  for (const { customerGuid } of world.simulation.livePlatform.tasks.all()) {
    perCustomer.set(customerGuid, (perCustomer.get(customerGuid) ?? 0) + 1);
  }
  return [...perCustomer].flatMap(([guid, count]) => (count > 1 ? [`${count} upgrades of ${guid} were accepted`] : []));
}

/** A fault label of the simulator that kept a request from having its effect. */
function wasStopped({ entry }: Write): boolean {
  return /^(?:status|dropBefore|hangBefore|redirect)\b(?!After)/.test(entry.fault ?? "");
}

/** Writes that changed nothing, apart from a repetition, byte for byte, of one whose answer never came, or came to nobody. */
function idleWrites(writes: readonly Write[], isCrash: boolean): string[] {
  return writes.flatMap((write, index) => {
    const { entry, before, after, body } = write;
    if (entry.method === "POST" || wasStopped(write) || before !== after || (entry.status ?? 0) >= 400) {
      return [];
    }
    const isRepetition = writes
      .slice(0, index)
      .some(
        (other) =>
          other.entry.path === entry.path && other.body === body && (isCrash || other.entry.fault !== undefined),
      );
    return isRepetition ? [] : [`request ${entry.n}, ${entry.method} ${entry.path}, changed nothing: ${body}`];
  });
}

/** Writes that the systems themselves refused: the plan should have known better. A 409 to the POST is expected. */
function refusedWrites(writes: readonly Write[]): string[] {
  return writes.flatMap(({ entry }) =>
    entry.fault === undefined && (entry.status ?? 0) >= 400 && entry.status !== 409 && entry.status !== 401
      ? [`request ${entry.n}, ${entry.method} ${entry.path}, was refused with ${entry.status ?? 0}`]
      : [],
  );
}

function outsideOf(now: Holdings, seed: Holdings, touches: readonly string[]): string[] {
  const wrong: string[] = [];
  for (const [guid, held] of Object.entries(seed.customers)) {
    if (!touches.includes(`customer ${guid}`) && !isDeepStrictEqual(now.customers[guid], held)) {
      wrong.push(`customer ${guid} was touched`);
    }
  }
  for (const [id, kinds] of Object.entries(seed.tenants)) {
    for (const [kind, services] of Object.entries(kinds)) {
      for (const [name, held] of Object.entries(services)) {
        if (!touches.includes(`tenant ${id} ${kind} ${name}`) && now.tenants[id]?.[kind]?.[name] !== held) {
          wrong.push(`tenant ${id} ${kind} ${name} was touched`);
        }
      }
    }
  }
  return wrong;
}

/** Every secret in every form in which it might be written. */
function leaks(world: World, secrets: readonly string[], state: readonly StateEntry[]): string[] {
  const withoutSecret = (key: string, value: unknown): unknown =>
    key === "applicationClientSecret" ? undefined : value;
  const places: [string, string][] = [
    ...world.texts.map((text): [string, string] => ["a text", text]),
    ["state", JSON.stringify(state, withoutSecret)],
    ...world.journal().map(({ path, query }): [string, string] => ["a path", `${path}?${query}`]),
  ];
  return [...world.secrets, ...secrets].flatMap((secret) =>
    [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64"), JSON.stringify(secret).slice(1, -1)]
      .filter((form) => form.length > 3)
      .flatMap((form) =>
        places.flatMap(([place, text]) =>
          text.includes(form) ? [`the secret ${secret} is in ${place}: ${text}`] : [],
        ),
      ),
  );
}

function stackTraces(world: World): string[] {
  return world.texts.flatMap((text) => (/\n\s+at /.test(text) ? [`a stack trace: ${text}`] : []));
}
