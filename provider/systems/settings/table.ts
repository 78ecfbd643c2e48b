import * as form from "./forms";

/** One setting: how it is read, and what documentation, schemas and messages need. */
export interface Setting<T = unknown> {
  readonly form: form.Form<T>;
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

/** The namespace of this package in a stack's configuration. */
export const NAMESPACE = "voice-licenses";

/** What settings belong to: one of the two systems, or the stack as a whole. */
export type SettingsPrefix = System | typeof NAMESPACE;

/** What programs read below the same namespace: the fleet file's own keys. */
export const FLEET_KEYS: readonly string[] = ["file", "shard", "allowEmpty"];

/** Variables that are not settings of a system or stack. */
export const OTHER_VARIABLES: readonly string[] = ["VOICE_LICENSES_DEBUG", "VOICE_LICENSES_WEBHOOK_URL"];

const CONNECTION = {
  requestTimeout: { form: form.duration, default: "30s", doc: "the longest wait for one answer" },
  maxRetries: {
    form: form.wholeNumber(0, 100),
    default: "5",
    doc: "how often one request is sent again at most, 0 to 100",
  },
  maxConcurrency: { form: form.wholeNumber(1, 1000), default: "16", doc: "the most requests at a time, 1 to 1000" },
  requestsPerSecond: {
    form: form.rate,
    doc: "the most requests in a second, up to 10000; `0.5` is one in two seconds",
  },
  verifyTimeout: { form: form.duration, default: "30s", doc: "how long an accepted write may take to become visible" },
  caFile: {
    form: form.text,
    doc: "a PEM file of certificate authorities to trust beside the public ones that Node brings; for the Live Platform it counts for the token URL too",
  },
  allowInsecureHttp: { form: form.flag, default: "false", doc: "permit `http://` to hosts other than this one" },
} as const satisfies Record<string, Setting>;

const LIVE_PLATFORM = named("livePlatform", {
  baseUrl: { form: form.address, doc: "`https://<host>/tenantui`", required: "required for customers" },
  clientId: {
    form: form.text,
    doc: "client id for Microsoft Entra ID; need not be a secret",
    required: "required, unless there is an access token",
    credential: true,
  },
  clientSecret: {
    form: form.text,
    doc: "client secret",
    required: "required, unless there is an access token",
    credential: true,
    secret: true,
  },
  directoryTenantId: {
    form: form.directoryTenant,
    doc: "id or domain name of the Entra directory; makes the token URL, `https://login.microsoftonline.com/<id>/oauth2/v2.0/token`",
    required: "required, unless there is an `authUrl` or an access token",
  },
  authUrl: { form: form.address, doc: "the whole token URL, in place of the one that `directoryTenantId` makes" },
  scope: {
    form: form.text,
    default: "api://9d576dc4-b85d-4571-880e-4c6ed4c08c31/.default",
    doc: "scope of the token",
  },
  accessToken: {
    form: form.token,
    doc: "a ready Bearer token, in place of client id, secret and token URL; it cannot be renewed",
    credential: true,
    secret: true,
  },
  patchFields: {
    form: form.oneOf("example", "table"),
    default: "example",
    doc: "names in the PATCH: `licenseType`, `licensedUsersCount`; with `table`: `upgradeToLicense`, `licenseCount`",
  },
  upgradeFields: {
    form: form.oneOf("UpgradetoLicense", "upgradeToLicense"),
    default: "UpgradetoLicense",
    doc: "how the upgrade spells the licence type: `UpgradetoLicense` or `upgradeToLicense`",
  },
  taskPath: { form: form.taskPath, default: "/api/v2/task/{taskId}", doc: "where tasks are read, below `baseUrl`" },
  ocEssentialType: {
    form: form.ocEssentialType,
    default: "3",
    doc: "the API's number for OC Essential, 0 to 99 without 1, 2, 4 and 5",
  },
  pollInterval: { form: form.duration, default: "2s", doc: "the first pause between two looks at a task" },
  lostAnswerGrace: {
    form: form.duration,
    default: "10m",
    doc: "how long an upgrade whose answer was lost is looked for, before it is asked for again",
  },
  ...CONNECTION,
});

const TENANT_GATEWAY = named("tenantGateway", {
  baseUrl: { form: form.address, doc: "`https://<host>`", required: "required for tenants" },
  apiPath: {
    form: form.apiPath,
    default: "/api/v1",
    doc: "where the gateway's paths begin, below `baseUrl`; behind APIO Core for example `/api/v01/p1`",
  },
  authentication: {
    form: form.oneOf("gateway", "core"),
    default: "gateway",
    doc: "`gateway`: login at `{apiPath}/login/`, with cookies; `core`: login at APIO Core, `/api/v01/auth/login`, with tokens",
  },
  username: {
    form: form.text,
    doc: "user name; need not be a secret",
    required: "required for tenants, unless there is an access token",
    credential: true,
  },
  password: {
    form: form.password,
    doc: "the password of that user",
    required: "required for tenants, unless there is an access token",
    credential: true,
    secret: true,
  },
  accessToken: {
    form: form.token,
    doc: "a ready Bearer token of APIO Core, in place of `authentication`, username and password; it cannot be renewed",
    credential: true,
    secret: true,
  },
  ...CONNECTION,
});

const STACK = named(NAMESPACE, {
  maxReductions: { form: form.wholeNumber(0, 999_999_999), doc: "how many reductions one run may make" },
  maxLicensesRemoved: {
    form: form.wholeNumber(0, 999_999_999),
    doc: "how many licences, counted in units, one run may take away: 60 → 1 users is 59",
  },
});

/** Every setting of the package, by the prefix of its key. Nothing else says which there are. */
export const SETTINGS = { livePlatform: LIVE_PLATFORM, tenantGateway: TENANT_GATEWAY, [NAMESPACE]: STACK };

/** All the names that a setting has. */
interface Names {
  readonly prefix: SettingsPrefix;
  readonly name: string;
  /** `livePlatform:baseUrl`. */
  readonly key: string;
  /** In the environment: `LIVE_PLATFORM_BASE_URL`. */
  readonly variable: string;
}

/** A setting with its names. */
export type NamedSetting<T = unknown> = Setting<T> & Names;

/** The table as a list. */
export const ALL_SETTINGS: readonly NamedSetting[] = [LIVE_PLATFORM, TENANT_GATEWAY, STACK].flatMap(rowsOf);

/** Every key under which a stack's configuration may hold settings: objects, the limits, and the older keys. */
export const STACK_KEYS: readonly string[] = [
  ...SYSTEMS.map((system) => `${NAMESPACE}:${system}`),
  ...ALL_SETTINGS.map(({ key }) => key),
];

/** The setting of a key, if there is such a key. */
export function findSetting(prefix: SettingsPrefix, name: string): NamedSetting | undefined {
  return ALL_SETTINGS.find((setting) => setting.prefix === prefix && setting.name === name);
}

/** Whether a name is that of a system. */
export function isSystem(name: string): name is System {
  return SYSTEMS.some((system) => system === name);
}

function rowsOf(table: Readonly<Record<string, NamedSetting>>): NamedSetting[] {
  return Object.values(table);
}

type Named<Rows> = { readonly [Name in keyof Rows]: Rows[Name] & Names };

function named<const Rows extends Record<string, Setting>>(prefix: SettingsPrefix, rows: Rows): Named<Rows>;
function named(prefix: SettingsPrefix, rows: Record<string, Setting>): Record<string, NamedSetting> {
  return Object.fromEntries(
    Object.entries(rows).map(([name, setting]) => {
      const variable = `${prefix}_${name}`.replace(/([A-Z])/g, "_$1").replaceAll("-", "_");
      return [name, { ...setting, prefix, name, key: `${prefix}:${name}`, variable: variable.toUpperCase() }];
    }),
  );
}
