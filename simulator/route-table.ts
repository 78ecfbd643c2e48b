interface Entry<Target> {
  readonly method: string;
  readonly segments: readonly string[];
  readonly target: Target;
}

/** What a path and a method lead to. */
export interface Found<Target> {
  readonly target: Target;
  /** The decoded variable parts of the path. */
  readonly params: Readonly<Record<string, string>>;
}

/** Routes by method and path. A part of a pattern that starts with a colon stands for one part of a path, of any text. */
export class RouteTable<Target> {
  readonly #entries: Entry<Target>[] = [];

  add(method: string, pattern: string, target: Target): void {
    this.#entries.push({ method, segments: pattern.split("/"), target });
  }

  find(method: string, path: string): Found<Target> | undefined {
    return this.#matches(path).find((entry) => entry.method === method);
  }

  /** A route with this path and any method. */
  findPath(path: string): Found<Target> | undefined {
    return this.#matches(path)[0];
  }

  #matches(path: string): readonly (Found<Target> & { readonly method: string })[] {
    const parts = path.split("/");
    return this.#entries.flatMap(({ method, segments, target }) => {
      const params = match(segments, parts);
      return params === undefined ? [] : [{ method, target, params }];
    });
  }
}

function match(segments: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (segments.length !== parts.length) {
    return undefined;
  }
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? "";
    const value = segment.startsWith(":") ? decoded(part) : undefined;
    if (value !== undefined && value !== "") {
      params[segment.slice(1)] = value;
    } else if (segment !== part) {
      return undefined;
    }
  }
  return params;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
