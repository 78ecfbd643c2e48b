import { AuthorizedApi } from "./shared/authorized-api";
import type { CredentialSource } from "./shared/credential-holder";
import { coreLogin } from "./gateway/core-login";
import { fixedToken } from "./shared/fixed-token";
import { gatewayLogin } from "./gateway/login";
import { LivePlatform } from "./live-platform/client";
import { clientCredentials } from "./live-platform/credentials";
import { TenantGateway } from "./gateway/client";
import { HttpApi, type HttpApiOptions } from "./transport/http-api";
import type { Redactor } from "./transport/redact";
import { type OnWarning, warnings } from "./shared/warnings";
import {
  type ConnectionSettings,
  type LivePlatformSettings,
  type NamedSetting,
  readLivePlatformSettings,
  readTenantGatewaySettings,
  settingName,
  settingNames,
  SETTINGS,
  type SettingsSource,
  type TenantGatewaySettings,
} from "./settings";
import type { Clock } from "../time/clock";

/** What the connections to both systems are made of. */
export interface SystemsOptions extends SettingsSource {
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly onRequest?: ((line: string) => void) | undefined;
  /** Hears what a client noticed that is no error, as one safe line: each once, and not more than a few. */
  readonly onWarning?: OnWarning | undefined;
}

/** The two systems that hold licences, each connected when it is first needed: a stack may use only one. */
export class Systems {
  private platform: { api: LivePlatform; settings: LivePlatformSettings } | undefined;
  private gateway: { api: TenantGateway; settings: TenantGatewaySettings } | undefined;
  private readonly warn: OnWarning;

  public constructor(private readonly options: SystemsOptions) {
    this.warn = warnings(options.onWarning, options.redactor);
  }

  /**
   * The Live Platform.
   * @throws {SettingsError} where its settings are missing or wrong.
   */
  public livePlatform(): { api: LivePlatform; settings: LivePlatformSettings } {
    if (this.platform === undefined) {
      const { baseUrl, caFile } = SETTINGS.livePlatform;
      const settings = readLivePlatformSettings(this.options);
      const http = this.connect("Live Platform", { address: baseUrl, caFile }, settings);
      const authorized = new AuthorizedApi(http, this.platformCredentials(settings), this.options.clock);
      this.platform = { api: new LivePlatform(authorized, settings, this.warn), settings };
    }
    return this.platform;
  }

  /**
   * The tenant gateway.
   * @throws {SettingsError} where its settings are missing or wrong.
   */
  public tenantGateway(): { api: TenantGateway; settings: TenantGatewaySettings } {
    if (this.gateway === undefined) {
      const { baseUrl, caFile } = SETTINGS.tenantGateway;
      const settings = readTenantGatewaySettings(this.options);
      const http = this.connect("tenant gateway", { address: baseUrl, caFile }, settings);
      const authorized = new AuthorizedApi(http, this.gatewayCredentials(settings, http), this.options.clock);
      this.gateway = { api: new TenantGateway(authorized, settings.apiPath, this.warn), settings };
    }
    return this.gateway;
  }

  private platformCredentials(settings: LivePlatformSettings): CredentialSource {
    const { clock, redactor } = this.options;
    const { authorization } = settings;
    const { accessToken, authUrl, caFile, clientId, clientSecret } = SETTINGS.livePlatform;
    if (authorization.kind === "accessToken") {
      return fixedToken(authorization.accessToken, redactor, this.freshToken(accessToken));
    }
    const http = this.connect(
      "token service",
      { address: authUrl, caFile },
      {
        ...settings,
        baseUrl: new URL(authorization.authUrl).origin,
      },
    );
    const advice = `Check ${this.names(clientId, clientSecret)}, the directory tenant and the scope.`;
    return clientCredentials({ ...authorization, advice }, http, clock, redactor);
  }

  private gatewayCredentials({ apiPath, authorization }: TenantGatewaySettings, http: HttpApi): CredentialSource {
    const { redactor } = this.options;
    const rows = SETTINGS.tenantGateway;
    const advice = `Check ${this.names(rows.username, rows.password)}.`;
    const whereMissing = (setting: NamedSetting): string => `Check ${this.names(rows.baseUrl, setting)}.`;
    switch (authorization.kind) {
      case "accessToken":
        return fixedToken(authorization.accessToken, redactor, this.freshToken(rows.accessToken));
      case "core":
        return coreLogin(
          { ...authorization, advice, adviceWhereMissing: whereMissing(rows.authentication) },
          http,
          redactor,
        );
      case "gateway":
        return gatewayLogin(
          { ...authorization, advice, adviceWhereMissing: whereMissing(rows.apiPath) },
          http,
          apiPath,
          redactor,
        );
    }
  }

  private connect(
    name: string,
    { address, caFile }: Readonly<Record<"address" | "caFile", NamedSetting>>,
    settings: ConnectionSettings,
  ): HttpApi {
    const { clock, redactor, onRequest } = this.options;
    const options: HttpApiOptions = {
      ...settings,
      name,
      baseUrlKey: settingName(this.options, address),
      caFileKey: settingName(this.options, caFile),
      clock,
      redactor,
      onRequest,
    };
    return new HttpApi(options);
  }

  private freshToken(setting: NamedSetting): string {
    return `The access token is not accepted (any more): set a fresh ${this.names(setting)}.`;
  }

  private names(...settings: readonly NamedSetting[]): string {
    return settingNames(this.options, ...settings);
  }
}
