import { parseDuration } from "../../time/duration";

/** How the text of a setting is read: plain functions, because programs load them with the table and start without a schema library. */
export interface Form<T> {
  /** The type in Pulumi's schema. */
  readonly type: "boolean" | "integer" | "number" | "string";
  /** All that it takes, where that is a few words. */
  readonly words?: readonly string[];
  readonly read: (text: string) => T | Misfit;
}

/** Why a text does not fit, to follow the name of its setting: `must be true or false`. */
export class Misfit {
  public constructor(public readonly problem: string) {}
}

const EMPTY = new Misfit("must not be empty");

/** One line of text, without the spaces around it, that also matches each pattern. */
function line(...rules: readonly (readonly [pattern: RegExp, otherwise: string])[]): Form<string> {
  return { type: "string", read: (given) => oneLine(given.trim(), rules) };
}

function oneLine(text: string, rules: readonly (readonly [RegExp, string])[] = []): string | Misfit {
  if (text === "") {
    return EMPTY;
  }
  const all = [[/^[^\p{Cc}]*$/u, "must not hold control characters"] as const, ...rules];
  const broken = all.find(([pattern]) => !pattern.test(text));
  return broken === undefined ? text : new Misfit(broken[1]);
}

export const text = line();

/** Spaces may be part of a password; the end of the line in which it came is not. */
export const password: Form<string> = { type: "string", read: (given) => oneLine(given.replace(/[\r\n]+$/, "")) };

export const token = line([/^[!-~]*$/, "must consist of visible ASCII characters, without spaces"]);

export const directoryTenant = line([
  /^(?!\.+$)[A-Za-z0-9.-]{1,255}$/,
  "must be a directory tenant's id or domain name",
]);

const PATH = [
  /^(?:\/(?!\.{1,2}(?:\/|$))[\w\-.~{}]+)+\/?$/,
  "must be a path that begins with /, without // and ..",
] as const;

export const taskPath = line(PATH, [/\{taskId\}/, "must hold {taskId}"]);

export const apiPath = mapped(line(PATH, [/^[^{}]*$/, "must not hold { or }"]), (path) => path.replace(/\/$/, ""));

/** Milliseconds. */
export const duration: Form<number> = {
  type: "string",
  read: (given) => parseDuration(given) ?? new Misfit("must be a time such as 500ms, 90s, 30m or 2h, up to a day"),
};

export const flag: Form<boolean> = { ...mapped(oneOf("true", "false"), (word) => word === "true"), type: "boolean" };

export const rate: Form<number> = {
  type: "number",
  read: (given) => {
    const value = /^\d{1,5}(?:\.\d{1,3})?$/.test(given.trim()) ? Number(given) : 0;
    return value > 0 && value <= 10_000 ? value : new Misfit("must be a number above 0 and up to 10000");
  },
};

export function wholeNumber(least: number, most: number): Form<number> {
  return {
    type: "integer",
    read: (given) => {
      const value = /^\d{1,9}$/.test(given.trim()) ? Number(given) : NaN;
      return value >= least && value <= most ? value : new Misfit(`must be a whole number from ${least} to ${most}`);
    },
  };
}

/** The numbers of the four licences that can be declared are documented: with one of them, every customer would be upgraded again. */
export const ocEssentialType = mapped(wholeNumber(0, 99), (type) =>
  [1, 2, 4, 5].includes(type) ? new Misfit("must not be 1, 2, 4 or 5, which are other licence types") : type,
);

/** One of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Form<Word> {
  return {
    type: "string",
    words,
    read: (given) => words.find((word) => word === given) ?? new Misfit(`must be ${words.join(" or ")}`),
  };
}

/** An address without credentials, in the one spelling that URLs have: what is joined to it must lead to the same host. */
export const address: Form<string> = {
  type: "string",
  read: (given) => {
    const url = parseUrl(given.trim());
    if (url === undefined) {
      return new Misfit("must be an address such as https://portal.example.com");
    }
    if (url.protocol !== "https:" && url.protocol !== "http:") {
      return new Misfit("must begin with https://");
    }
    if (url.username !== "" || url.password !== "") {
      return new Misfit("must not hold a name or password");
    }
    return url.search === "" && url.hash === ""
      ? url.origin + url.pathname
      : new Misfit("must not hold a query or fragment");
  },
};

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Why credentials must not travel to an address by plain http; `undefined` where they may. */
export function insecurity(url: string): string | undefined {
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && !LOOPBACK.test(hostname)
    ? "must begin with https://, because credentials travel over it (allowInsecureHttp permits http)"
    : undefined;
}

/** Not URL.canParse: in Node 20 it comes to refuse letters such as ü once it has been compiled. */
function parseUrl(value: string): URL | undefined {
  try {
    return new URL(value);
  } catch {
    return undefined;
  }
}

function mapped<From, To>(form: Form<From>, map: (value: From) => To | Misfit): Form<To> {
  return {
    type: form.type,
    read: (given) => {
      const value = form.read(given);
      return value instanceof Misfit ? value : map(value);
    },
  };
}
