import * as z from "zod";
import { caFileProblem } from "../apis/transport/authorities";
import { parseDuration } from "../time/duration";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const EMPTY = "must not be empty";
const ONE_LINE = /^[^\p{Cc}]*$/u;
const CONTROL = "must not hold control characters";

export const text = z.string().trim().min(1, EMPTY).regex(ONE_LINE, CONTROL);

/** Spaces may be part of a password; the end of the line in which it came is not. */
export const password = z
  .string()
  .transform((value) => value.replace(/[\r\n]+$/, ""))
  .pipe(z.string().min(1, EMPTY).regex(ONE_LINE, CONTROL));

export const token = text.regex(/^[!-~]*$/, "must consist of visible ASCII characters, without spaces");

export const flag = z.enum(["true", "false"], "must be true or false").transform((value) => value === "true");

const RATE = "must be a number above 0 and up to 10000";
export const rate = z
  .string()
  .trim()
  .regex(/^\d{1,5}(?:\.\d{1,3})?$/, RATE)
  .transform(Number)
  .refine((value) => value > 0 && value <= 10_000, RATE);

export const directoryTenant = text.regex(
  /^(?!\.+$)[A-Za-z0-9.-]{1,255}$/,
  "must be a directory tenant's id or domain name",
);

const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[\w\-.~{}]+)+\/?$/;
const NOT_A_PATH = "must be a path that begins with /, without // and ..";

export const taskPath = text.regex(PATH, NOT_A_PATH).refine((path) => path.includes("{taskId}"), "must hold {taskId}");

/** A slash at its end is of no account. */
export const apiPath = text
  .regex(PATH, NOT_A_PATH)
  .refine((path) => !/[{}]/.test(path), "must not hold { or }")
  .transform((path) => path.replace(/\/$/, ""));

export const duration = z.string().transform((value, context) => {
  const milliseconds = parseDuration(value);
  if (milliseconds === undefined) {
    context.addIssue({ code: "custom", message: `must be a time such as 500ms, 90s, 30m or 2h, up to a day` });
    return z.NEVER;
  }
  return milliseconds;
});

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number): z.ZodType<number, string> {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message);
}

/** The numbers of the four licences that can be declared are documented: with one of them, every customer would be upgraded again. */
export const ocEssentialType = wholeNumber(0, 99).refine(
  (type) => ![1, 2, 4, 5].includes(type),
  "must not be 1, 2, 4 or 5, which are other licence types",
);

/** One of a few words. */
export function oneOf<const Words extends readonly [string, string]>(
  ...words: Words
): z.ZodType<Words[number], string> {
  return z.enum(words, `must be ${words.join(" or ")}`);
}

/** An address without credentials, over https unless `http` is permitted or leads to this machine. */
export function address(allowInsecureHttp: boolean | undefined): z.ZodType<string, string> {
  return z
    .string()
    .trim()
    .transform((value, context) => {
      const problem = addressProblem(value, allowInsecureHttp === true);
      if (problem !== undefined) {
        context.addIssue({ code: "custom", message: problem });
        return z.NEVER;
      }
      // In the one spelling that it has: all that is joined to it must lead to the same host.
      const { origin, pathname } = new URL(value);
      return origin + pathname;
    });
}

/** The path of a file of certificates. */
export const certificates = text.transform((file, context) => {
  const problem = caFileProblem(file);
  if (problem !== undefined) {
    context.addIssue({ code: "custom", message: problem });
    return z.NEVER;
  }
  return file;
});

function addressProblem(value: string, allowInsecureHttp: boolean): string | undefined {
  const url = parseUrl(value);
  if (url === undefined) {
    return "must be an address such as https://portal.example.com";
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return "must begin with https://";
  }
  if (url.username !== "" || url.password !== "") {
    return "must not hold a name or password";
  }
  if (url.search !== "" || url.hash !== "") {
    return "must not hold a query or fragment";
  }
  if (url.protocol === "http:" && !allowInsecureHttp && !LOOPBACK.test(url.hostname)) {
    return "must begin with https://, because credentials travel over it (allowInsecureHttp permits http)";
  }
  return undefined;
}

/** Not URL.canParse: in Node 20 it comes to refuse letters such as ü once it has been compiled. */
function parseUrl(value: string): URL | undefined {
  try {
    return new URL(value);
  } catch {
    return undefined;
  }
}
