import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { SECRET_KEYS } from "./secret-keys";
import { parseDuration } from "./time/duration";

/** Reads one key of the stack configuration, for example `livePlatform:baseUrl`. */
export type StackConfiguration = (key: string) => string | undefined;
/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting is missing or wrong. The message names the stack key and the environment variable. */
export class SettingsError extends Error {
  public override readonly name = "SettingsError";
}

/** Settings that both APIs have. */
export interface ConnectionSettings {
  readonly baseUrl: string;
  readonly requestTimeoutMs: number;
  readonly maxRetries: number;
  readonly maxConcurrency: number;
  readonly requestsPerSecond: number | undefined;
  readonly caFile: string | undefined;
  /** How long an accepted write may take to become visible. */
  readonly verifyTimeoutMs: number;
}

/** Settings of the Live Platform. */
export interface LivePlatformSettings extends ConnectionSettings {
  readonly authorization:
    | { readonly kind: "accessToken"; readonly accessToken: string }
    | {
        readonly kind: "clientCredentials";
        readonly clientId: string;
        readonly clientSecret: string;
        readonly authUrl: string;
        readonly scope: string;
      };
  readonly patchFields: "example" | "table";
  readonly taskPath: string;
  /** The API's number for Operator Connect Essential. */
  readonly ocEssentialType: number;
  readonly pollIntervalMs: number;
  readonly lostAnswerGraceMs: number;
}

/** Settings of the tenant gateway. */
export interface TenantGatewaySettings extends ConnectionSettings {
  readonly username: string;
  readonly password: string;
}

/** All defaults in one place, as text, in the form in which a user would give them. The README's table tells the same. */
export const DEFAULTS = {
  requestTimeout: "30s",
  maxRetries: "5",
  maxConcurrency: "16",
  allowInsecureHttp: "false",
  verifyTimeout: "30s",
  scope: "api://9d576dc4-b85d-4571-880e-4c6ed4c08c31/.default",
  patchFields: "example",
  taskPath: "/api/v2/task/{taskId}",
  ocEssentialType: "3",
  pollInterval: "2s",
  lostAnswerGrace: "10m",
} as const;

/** Where the environment wins over the stack: rotated ones must work for refresh and destroy, which read the stack's from state. */
const CREDENTIAL_NAMES = new Set(["clientId", "clientSecret", "accessToken", "username", "password"]);

/** In these a password may have been written by mistake, before an `@` or in a query. */
const ADDRESS_NAMES = new Set(["baseUrl", "authUrl"]);

type Prefix = "livePlatform" | "tenantGateway" | "voice-licenses";

/**
 * Reads and checks the settings of the Live Platform.
 * @throws {SettingsError} naming each setting that is missing or wrong.
 */
export function readLivePlatformSettings(stack: StackConfiguration, environment: Environment): LivePlatformSettings {
  const read = new SettingsReader("livePlatform", stack, environment);
  const connection = readConnection(read);
  const accessToken = read.optional("accessToken", token);
  const clientId = accessToken === undefined ? read.required("clientId", text) : "";
  const clientSecret = accessToken === undefined ? read.required("clientSecret", text) : "";
  const authUrl = accessToken === undefined ? readAuthUrl(read) : "";
  const settings = {
    ...connection,
    authorization:
      accessToken === undefined
        ? {
            kind: "clientCredentials" as const,
            clientId,
            clientSecret,
            authUrl,
            scope: read.withDefault("scope", text),
          }
        : { kind: "accessToken" as const, accessToken },
    patchFields: read.withDefault("patchFields", z.enum(["example", "table"], "must be example or table")),
    taskPath: read.withDefault("taskPath", taskPath),
    ocEssentialType: read.withDefault("ocEssentialType", ocEssentialType),
    pollIntervalMs: read.withDefault("pollInterval", duration),
    lostAnswerGraceMs: read.withDefault("lostAnswerGrace", duration),
  };
  read.throwIfWrong();
  return settings;
}

/**
 * Reads and checks the settings of the tenant gateway.
 * @throws {SettingsError} naming each setting that is missing or wrong.
 */
export function readTenantGatewaySettings(stack: StackConfiguration, environment: Environment): TenantGatewaySettings {
  const read = new SettingsReader("tenantGateway", stack, environment);
  const settings = {
    ...readConnection(read),
    username: read.required("username", text),
    password: read.required("password", password),
  };
  read.throwIfWrong();
  return settings;
}

/**
 * Reads how much one run may take away, over the whole stack: how many reductions, and how many licences; `undefined` for any number.
 * @throws {SettingsError} where one is no number, or empty in the stack.
 */
export function readReductionLimits(
  stack: StackConfiguration,
  environment: Environment,
): { maxReductions: number | undefined; maxLicensesRemoved: number | undefined } {
  const read = new SettingsReader("voice-licenses", stack, environment);
  const limit = (name: string): number | undefined => {
    const key = `voice-licenses:${name}`;
    // An empty one is a slip, which must not take the brake off.
    if (stack(key) === "") {
      throw new SettingsError(`${key} is empty: give it a number, or remove it with \`pulumi config rm ${key}\`.`);
    }
    return read.optional(name, wholeNumber(0, 999_999_999));
  };
  const limits = { maxReductions: limit("maxReductions"), maxLicensesRemoved: limit("maxLicensesRemoved") };
  read.throwIfWrong();
  return limits;
}

function readConnection(read: SettingsReader): ConnectionSettings {
  const allowInsecureHttp = read.withDefault("allowInsecureHttp", flag);
  return {
    baseUrl: read.required("baseUrl", address(allowInsecureHttp)).replace(/\/+$/, ""),
    requestTimeoutMs: read.withDefault("requestTimeout", duration),
    maxRetries: read.withDefault("maxRetries", wholeNumber(0, 100)),
    maxConcurrency: read.withDefault("maxConcurrency", wholeNumber(1, 1000)),
    requestsPerSecond: read.optional("requestsPerSecond", rate),
    caFile: read.optional("caFile", certificates),
    verifyTimeoutMs: read.withDefault("verifyTimeout", duration),
  };
}

function readAuthUrl(read: SettingsReader): string {
  const allowInsecureHttp = read.withDefault("allowInsecureHttp", flag);
  const given = read.optional("authUrl", address(allowInsecureHttp));
  if (given !== undefined) {
    return given;
  }
  const tenant = read.required("directoryTenantId", directoryTenant);
  return `https://login.microsoftonline.com/${encodeURIComponent(tenant)}/oauth2/v2.0/token`;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const EMPTY = "must not be empty";
const ONE_LINE = /^[^\p{Cc}]*$/u;
const CONTROL = "must not hold control characters";
const text = z.string().trim().min(1, EMPTY).regex(ONE_LINE, CONTROL);
/** Spaces may be part of a password; the end of the line in which it came is not. */
const password = z
  .string()
  .transform((value) => value.replace(/[\r\n]+$/, ""))
  .pipe(z.string().min(1, EMPTY).regex(ONE_LINE, CONTROL));
const token = text.regex(/^[!-~]*$/, "must consist of visible ASCII characters, without spaces");
const certificates = text.refine(holdsCertificates, "must be a file of certificates in PEM form that can be read");
const flag = z.enum(["true", "false"], "must be true or false").transform((value) => value === "true");
const RATE = "must be a number above 0 and up to 10000";
const rate = z
  .string()
  .trim()
  .regex(/^\d{1,5}(?:\.\d{1,3})?$/, RATE)
  .transform(Number)
  .refine((value) => value > 0 && value <= 10_000, RATE);
const directoryTenant = text.regex(/^(?!\.+$)[A-Za-z0-9.-]{1,255}$/, "must be a directory tenant's id or domain name");
const taskPath = text
  .regex(/^(?:\/(?!\.{1,2}(?:\/|$))[\w\-.{}]+)+\/?$/, "must be a path that begins with /, without // and ..")
  .refine((path) => path.includes("{taskId}"), "must hold {taskId}");
const duration = z.string().transform((value, context) => {
  const milliseconds = parseDuration(value);
  if (milliseconds === undefined) {
    context.addIssue({ code: "custom", message: `must be a time such as 500ms, 90s, 30m or 2h, up to a day` });
    return z.NEVER;
  }
  return milliseconds;
});

function wholeNumber(least: number, most: number): z.ZodType<number, string> {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message);
}

/** The numbers of the four licences that can be declared are documented: under one of them every customer would be upgraded anew. */
const ocEssentialType = wholeNumber(0, 99).refine(
  (type) => ![1, 2, 4, 5].includes(type),
  "must not be 1, 2, 4 or 5, which are other licence types",
);

function address(allowInsecureHttp: boolean | undefined): z.ZodType<string, string> {
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

function holdsCertificates(file: string): boolean {
  try {
    const pem = readFileSync(file, "utf8");
    return new X509Certificate(pem).raw.length > 0 && pem.includes("-----BEGIN CERTIFICATE-----");
  } catch {
    return false;
  }
}

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

/** Collects every problem before it speaks, so that a user corrects all in one go. */
class SettingsReader {
  private readonly problems = new Map<string, string>();

  public constructor(
    private readonly prefix: Prefix,
    private readonly stack: StackConfiguration,
    private readonly environment: Environment,
  ) {}

  public optional<T>(name: string, form: z.ZodType<T, string>): T | undefined {
    const given = this.lookUp(name);
    return given === undefined ? undefined : this.parse(name, form, given);
  }

  public required(name: string, form: z.ZodType<string, string>): string {
    const given = this.lookUp(name);
    if (given === undefined) {
      this.complain(name, `is missing: ${this.howToSet(name)}`);
      return "";
    }
    return this.parse(name, form, given) ?? "";
  }

  public withDefault<T>(name: keyof typeof DEFAULTS, form: z.ZodType<T, string>): T {
    const parsed = this.parse(name, form, this.lookUp(name) ?? DEFAULTS[name]);
    // The default stands in for a wrong value until throwIfWrong() speaks.
    return parsed ?? form.parse(DEFAULTS[name]);
  }

  public throwIfWrong(): void {
    if (this.problems.size > 0) {
      throw new SettingsError([...this.problems.values()].join("\n"));
    }
  }

  private lookUp(name: string): string | undefined {
    const stack = this.stack(`${this.prefix}:${name}`);
    const environment = this.environment[this.variable(name)];
    const [first, second] = CREDENTIAL_NAMES.has(name) ? [environment, stack] : [stack, environment];
    return [first, second].find((value) => value !== undefined && value !== "");
  }

  private parse<T>(name: string, form: z.ZodType<T, string>, given: string): T | undefined {
    const parsed = form.safeParse(given);
    if (parsed.success) {
      return parsed.data;
    }
    const problem = parsed.error.issues[0]?.message ?? "is wrong";
    const shown = CREDENTIAL_NAMES.has(name)
      ? ""
      : `, not ${JSON.stringify(this.withoutPassword(name, given).slice(0, 100))}`;
    this.complain(name, `${problem}${shown}: ${this.howToSet(name)}`);
    return undefined;
  }

  private withoutPassword(name: string, given: string): string {
    return ADDRESS_NAMES.has(name) ? given.replace(/^.*@/s, "…@").replace(/[?#].*$/s, "?…") : given;
  }

  private complain(name: string, problem: string): void {
    this.problems.set(name, `${this.prefix}:${name} ${problem}`);
  }

  private howToSet(name: string): string {
    const secret = new Set<string>(SECRET_KEYS).has(`${this.prefix}:${name}`) ? "--secret " : "";
    return `\`pulumi config set ${secret}${this.prefix}:${name} …\`, or set ${this.variable(name)} in the environment.`;
  }

  private variable(name: string): string {
    return `${this.prefix}_${name}`
      .replace(/([A-Z])/g, "_$1")
      .replaceAll("-", "_")
      .toUpperCase();
  }
}
