import * as form from "./forms";
import { SettingsReader, type SettingsSource } from "./reader";

/** Where a system is, and where the user has said so, for advice. */
export interface SystemAddress {
  readonly baseUrl: string;
  /** How its audience calls the setting: `livePlatform:baseUrl`, or `LIVE_PLATFORM_BASE_URL`. */
  readonly baseUrlKey: string;
  /** Whether there is a stack, from whose state a resource can be removed by hand. */
  readonly hasStack: boolean;
}

/** Settings that both APIs have. */
export interface ConnectionSettings extends SystemAddress {
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
  readonly upgradeFields: "UpgradetoLicense" | "upgradeToLicense";
  readonly taskPath: string;
  /** The API's number for Operator Connect Essential. */
  readonly ocEssentialType: number;
  readonly pollIntervalMs: number;
  readonly lostAnswerGraceMs: number;
}

/** Settings of the tenant gateway. */
export interface TenantGatewaySettings extends ConnectionSettings {
  /** Where its paths begin, without a slash at the end. */
  readonly apiPath: string;
  readonly authorization:
    | { readonly kind: "accessToken"; readonly accessToken: string }
    | { readonly kind: "gateway" | "core"; readonly username: string; readonly password: string };
}

/**
 * Reads and checks the settings of the Live Platform.
 * @throws {SettingsError} naming each setting that is missing or wrong.
 */
export function readLivePlatformSettings(source: SettingsSource): LivePlatformSettings {
  const read = new SettingsReader("livePlatform", source);
  const connection = readConnection(read);
  const accessToken = read.optional("accessToken", form.token);
  const clientId = accessToken === undefined ? read.required("clientId", form.text) : "";
  const clientSecret = accessToken === undefined ? read.required("clientSecret", form.text) : "";
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
            scope: read.withDefault("scope", form.text),
          }
        : { kind: "accessToken" as const, accessToken },
    patchFields: read.withDefault("patchFields", form.oneOf("example", "table")),
    upgradeFields: read.withDefault("upgradeFields", form.oneOf("UpgradetoLicense", "upgradeToLicense")),
    taskPath: read.withDefault("taskPath", form.taskPath),
    ocEssentialType: read.withDefault("ocEssentialType", form.ocEssentialType),
    pollIntervalMs: read.withDefault("pollInterval", form.duration),
    lostAnswerGraceMs: read.withDefault("lostAnswerGrace", form.duration),
  };
  read.throwIfWrong();
  return settings;
}

/**
 * Reads and checks the settings of the tenant gateway.
 * @throws {SettingsError} naming each setting that is missing or wrong.
 */
export function readTenantGatewaySettings(source: SettingsSource): TenantGatewaySettings {
  const read = new SettingsReader("tenantGateway", source);
  const connection = readConnection(read);
  const apiPath = read.withDefault("apiPath", form.apiPath);
  const kind = read.withDefault("authentication", form.oneOf("gateway", "core"));
  const accessToken = read.optional("accessToken", form.token);
  const settings = {
    ...connection,
    apiPath,
    authorization:
      accessToken === undefined
        ? { kind, username: read.required("username", form.text), password: read.required("password", form.password) }
        : { kind: "accessToken" as const, accessToken },
  };
  read.throwIfWrong();
  return settings;
}

/**
 * Reads how much one run may take away, over the whole stack: how many reductions, and how many licences; `undefined` for any number.
 * @throws {SettingsError} where one is no number, or empty in the stack.
 */
export function readReductionLimits(source: SettingsSource): {
  maxReductions: number | undefined;
  maxLicensesRemoved: number | undefined;
} {
  const read = new SettingsReader("voice-licenses", source);
  const limit = (name: "maxReductions" | "maxLicensesRemoved"): number | undefined => {
    // An empty one is a slip, which must not take the brake off.
    read.refuseEmpty(name);
    return read.optional(name, form.wholeNumber(0, 999_999_999));
  };
  const limits = { maxReductions: limit("maxReductions"), maxLicensesRemoved: limit("maxLicensesRemoved") };
  read.throwIfWrong();
  return limits;
}

function readConnection(read: SettingsReader): ConnectionSettings {
  const allowInsecureHttp = read.withDefault("allowInsecureHttp", form.flag);
  return {
    baseUrl: read.required("baseUrl", form.address(allowInsecureHttp)).replace(/\/+$/, ""),
    baseUrlKey: read.called("baseUrl"),
    hasStack: read.audience !== "commandLine",
    requestTimeoutMs: read.withDefault("requestTimeout", form.duration),
    maxRetries: read.withDefault("maxRetries", form.wholeNumber(0, 100)),
    maxConcurrency: read.withDefault("maxConcurrency", form.wholeNumber(1, 1000)),
    requestsPerSecond: read.optional("requestsPerSecond", form.rate),
    caFile: read.optional("caFile", form.certificates),
    verifyTimeoutMs: read.withDefault("verifyTimeout", form.duration),
  };
}

function readAuthUrl(read: SettingsReader): string {
  const allowInsecureHttp = read.withDefault("allowInsecureHttp", form.flag);
  const given = read.optional("authUrl", form.address(allowInsecureHttp));
  if (given !== undefined) {
    return given;
  }
  const tenant = read.required("directoryTenantId", form.directoryTenant);
  return `https://login.microsoftonline.com/${encodeURIComponent(tenant)}/oauth2/v2.0/token`;
}
