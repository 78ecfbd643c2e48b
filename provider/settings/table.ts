/** One setting, as documentation, schemas and messages need it. */
export interface Setting {
  readonly doc: string;
  /** As a user would write it; absent where there is none. */
  readonly default?: string;
  /** Whether the system cannot be used without it, in words. */
  readonly required?: string;
  /** The environment wins over the stack: a rotated one must work for refresh and destroy, which read the stack's from state. */
  readonly credential?: true;
  /** Must be a secret wherever it is kept. */
  readonly secret?: true;
}

/** The systems that hold licences. */
export const SYSTEMS = ["livePlatform", "tenantGateway"] as const;

/** One of the systems, by the prefix of its settings. */
export type System = (typeof SYSTEMS)[number];

/** What settings belong to: one of the two systems, or the stack as a whole. */
export type SettingsPrefix = System | "voice-licenses";

/** All defaults, as text, in the form in which a user would give them. */
export const DEFAULTS = {
  requestTimeout: "30s",
  maxRetries: "5",
  maxConcurrency: "16",
  allowInsecureHttp: "false",
  verifyTimeout: "30s",
  scope: "api://9d576dc4-b85d-4571-880e-4c6ed4c08c31/.default",
  patchFields: "example",
  upgradeFields: "UpgradetoLicense",
  taskPath: "/api/v2/task/{taskId}",
  ocEssentialType: "3",
  pollInterval: "2s",
  lostAnswerGrace: "10m",
  apiPath: "/api/v1",
  authentication: "gateway",
} as const;

const CONNECTION = {
  requestTimeout: { doc: "the longest wait for one answer", default: DEFAULTS.requestTimeout },
  maxRetries: { doc: "how often one request is sent again at most, 0 to 100", default: DEFAULTS.maxRetries },
  maxConcurrency: { doc: "the most requests at a time, 1 to 1000", default: DEFAULTS.maxConcurrency },
  requestsPerSecond: { doc: "the most requests in a second, up to 10000; `0.5` is one in two seconds" },
  verifyTimeout: {
    doc: "how long an accepted write may take to become visible",
    default: DEFAULTS.verifyTimeout,
  },
  caFile: {
    doc: "a PEM file of certificate authorities to trust beside the public ones that Node brings; for the Live Platform it counts for the token URL too",
  },
  allowInsecureHttp: {
    doc: "permit `http://` to hosts other than this one",
    default: DEFAULTS.allowInsecureHttp,
  },
} as const satisfies Record<string, Setting>;

const LIVE_PLATFORM = {
  baseUrl: { doc: "`https://<host>/tenantui`", required: "required for customers" },
  clientId: {
    doc: "client id for Microsoft Entra ID; need not be a secret",
    required: "required, unless there is an access token",
    credential: true,
  },
  clientSecret: {
    doc: "its secret",
    required: "required, unless there is an access token",
    credential: true,
    secret: true,
  },
  directoryTenantId: {
    doc: "makes the token URL, `https://login.microsoftonline.com/<id>/oauth2/v2.0/token`",
    required: "required, unless there is an `authUrl` or an access token",
  },
  authUrl: { doc: "the whole token URL, in place of that" },
  scope: { doc: "scope of the token", default: DEFAULTS.scope },
  accessToken: {
    doc: "a ready Bearer token, in place of client id, secret and token URL; it cannot be renewed",
    credential: true,
    secret: true,
  },
  patchFields: {
    doc: "names in the PATCH: `licenseType`, `licensedUsersCount`; with `table`: `upgradeToLicense`, `licenseCount`",
    default: DEFAULTS.patchFields,
  },
  upgradeFields: {
    doc: "how the upgrade spells the licence type: `UpgradetoLicense` or `upgradeToLicense`",
    default: DEFAULTS.upgradeFields,
  },
  taskPath: { doc: "where tasks are read, below `baseUrl`", default: DEFAULTS.taskPath },
  ocEssentialType: {
    doc: "the API's number for OC Essential, 0 to 99 without 1, 2, 4 and 5",
    default: DEFAULTS.ocEssentialType,
  },
  pollInterval: { doc: "the first pause between two looks at a task", default: DEFAULTS.pollInterval },
  lostAnswerGrace: {
    doc: "how long an upgrade whose answer was lost is looked for",
    default: DEFAULTS.lostAnswerGrace,
  },
  ...CONNECTION,
} as const satisfies Record<string, Setting>;

const TENANT_GATEWAY = {
  baseUrl: { doc: "`https://<host>`", required: "required for tenants" },
  apiPath: {
    doc: "where the gateway's paths begin, below `baseUrl`; behind APIO Core for example `/api/v01/p1`",
    default: DEFAULTS.apiPath,
  },
  authentication: {
    doc: "`gateway`: login at `{apiPath}/login/`, with cookies; `core`: login at APIO Core, `/api/v01/auth/login`, with tokens",
    default: DEFAULTS.authentication,
  },
  username: {
    doc: "need not be a secret",
    required: "required for tenants, unless there is an access token",
    credential: true,
  },
  password: {
    doc: "its password",
    required: "required for tenants, unless there is an access token",
    credential: true,
    secret: true,
  },
  accessToken: {
    doc: "a ready Bearer token of APIO Core, in place of `authentication`, username and password; it cannot be renewed",
    credential: true,
    secret: true,
  },
  ...CONNECTION,
} as const satisfies Record<string, Setting>;

const STACK = {
  maxReductions: { doc: "how many reductions one run may make" },
  maxLicensesRemoved: { doc: "how many licences, counted in units, one run may take away: 60 → 1 users is 59" },
} as const satisfies Record<string, Setting>;

/** Every setting of the package, by the prefix of its key. Nothing else says which there are. */
export const SETTINGS = {
  livePlatform: LIVE_PLATFORM,
  tenantGateway: TENANT_GATEWAY,
  "voice-licenses": STACK,
} as const satisfies Record<SettingsPrefix, Record<string, Setting>>;

/** The name of any setting, without its prefix. */
export type SettingName = keyof typeof LIVE_PLATFORM | keyof typeof TENANT_GATEWAY | keyof typeof STACK;

/** A setting with all the names that it has. */
export interface NamedSetting extends Setting {
  readonly prefix: SettingsPrefix;
  readonly name: string;
  /** In the stack's configuration: `livePlatform:baseUrl`. */
  readonly key: string;
  /** In the environment: `LIVE_PLATFORM_BASE_URL`. */
  readonly variable: string;
}

/** The table as a list. */
export const ALL_SETTINGS: readonly NamedSetting[] = [
  ...named("livePlatform", LIVE_PLATFORM),
  ...named("tenantGateway", TENANT_GATEWAY),
  ...named("voice-licenses", STACK),
];

/** The setting of a key, if there is such a key. */
export function findSetting(prefix: SettingsPrefix, name: string): NamedSetting | undefined {
  return ALL_SETTINGS.find((setting) => setting.prefix === prefix && setting.name === name);
}

function named(prefix: SettingsPrefix, settings: Readonly<Record<string, Setting>>): NamedSetting[] {
  return Object.entries(settings).map(([name, setting]) => ({
    ...setting,
    prefix,
    name,
    key: `${prefix}:${name}`,
    variable: variableOf(prefix, name),
  }));
}

/** `LIVE_PLATFORM_BASE_URL` for `livePlatform` and `baseUrl`. */
export function variableOf(prefix: SettingsPrefix, name: string): string {
  return `${prefix}_${name}`
    .replace(/([A-Z])/g, "_$1")
    .replaceAll("-", "_")
    .toUpperCase();
}
