import { caFileProblem } from "../transport/authorities";
import { insecurity } from "./forms";
import { settingName } from "./names";
import { SettingsReader, type SettingsSource } from "./reader";
import { NAMESPACE, SETTINGS, type System } from "./table";

/** Where a system is, and where the user has said so, for advice. */
export interface SystemAddress {
  readonly baseUrl: string;
  /** How its audience calls the setting: `livePlatform.baseUrl`, or `LIVE_PLATFORM_BASE_URL`. */
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
  const rows = SETTINGS.livePlatform;
  const read = new SettingsReader(source);
  const connection = readConnection(read, rows, source);
  const accessToken = read.optional(rows.accessToken);
  const settings = {
    ...connection,
    authorization:
      accessToken === undefined
        ? {
            kind: "clientCredentials" as const,
            clientId: read.required(rows.clientId),
            clientSecret: read.required(rows.clientSecret),
            authUrl: readAuthUrl(read),
            scope: read.withDefault(rows.scope),
          }
        : { kind: "accessToken" as const, accessToken },
    patchFields: read.withDefault(rows.patchFields),
    upgradeFields: read.withDefault(rows.upgradeFields),
    taskPath: read.withDefault(rows.taskPath),
    ocEssentialType: read.withDefault(rows.ocEssentialType),
    pollIntervalMs: read.withDefault(rows.pollInterval),
    lostAnswerGraceMs: read.withDefault(rows.lostAnswerGrace),
  };
  read.throwIfWrong();
  return settings;
}

/**
 * Reads and checks the settings of the tenant gateway.
 * @throws {SettingsError} naming each setting that is missing or wrong.
 */
export function readTenantGatewaySettings(source: SettingsSource): TenantGatewaySettings {
  const rows = SETTINGS.tenantGateway;
  const read = new SettingsReader(source);
  const connection = readConnection(read, rows, source);
  const apiPath = read.withDefault(rows.apiPath);
  const kind = read.withDefault(rows.authentication);
  const accessToken = read.optional(rows.accessToken);
  const settings = {
    ...connection,
    apiPath,
    authorization:
      accessToken === undefined
        ? { kind, username: read.required(rows.username), password: read.required(rows.password) }
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
  const { maxReductions, maxLicensesRemoved } = SETTINGS[NAMESPACE];
  const read = new SettingsReader(source);
  // An empty one is a slip, which must not take the brake off.
  read.refuseEmpty(maxReductions);
  read.refuseEmpty(maxLicensesRemoved);
  const limits = {
    maxReductions: read.optional(maxReductions),
    maxLicensesRemoved: read.optional(maxLicensesRemoved),
  };
  read.throwIfWrong();
  return limits;
}

function readConnection(
  read: SettingsReader,
  rows: (typeof SETTINGS)[System],
  source: SettingsSource,
): ConnectionSettings {
  return {
    baseUrl: read.required(rows.baseUrl, securely(read, rows)).replace(/\/+$/, ""),
    baseUrlKey: settingName(source, rows.baseUrl),
    hasStack: source.audience !== "commandLine",
    requestTimeoutMs: read.withDefault(rows.requestTimeout),
    maxRetries: read.withDefault(rows.maxRetries),
    maxConcurrency: read.withDefault(rows.maxConcurrency),
    requestsPerSecond: read.optional(rows.requestsPerSecond),
    caFile: read.checked(rows.caFile, caFileProblem),
    verifyTimeoutMs: read.withDefault(rows.verifyTimeout),
  };
}

function readAuthUrl(read: SettingsReader): string {
  const rows = SETTINGS.livePlatform;
  const given = read.checked(rows.authUrl, securely(read, rows));
  if (given !== undefined) {
    return given;
  }
  const tenant = read.required(rows.directoryTenantId);
  return `https://login.microsoftonline.com/${encodeURIComponent(tenant)}/oauth2/v2.0/token`;
}

/** Whether credentials may travel to an address. */
function securely(read: SettingsReader, rows: (typeof SETTINGS)[System]): (url: string) => string | undefined {
  return read.withDefault(rows.allowInsecureHttp) ? () => undefined : insecurity;
}
