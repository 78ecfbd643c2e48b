import { AuthorizedApi } from "./apis/authorized-api";
import type { CredentialSource } from "./apis/credential-holder";
import { coreLogin } from "./apis/core-login";
import { fixedToken } from "./apis/fixed-token";
import { gatewayLogin } from "./apis/gateway-login";
import { LivePlatform } from "./apis/live-platform";
import { clientCredentials } from "./apis/live-platform-credentials";
import { TenantGateway } from "./apis/tenant-gateway";
import { HttpApi, type HttpApiOptions } from "./apis/transport/http-api";
import type { Redactor } from "./apis/transport/redact";
import { type OnWarning, warnings } from "./apis/warnings";
import {
  type ConnectionSettings,
  type LivePlatformSettings,
  readLivePlatformSettings,
  readTenantGatewaySettings,
  settingName,
  settingNames,
  type SettingsPrefix,
  type SettingsSource,
  type TenantGatewaySettings,
} from "./settings";
import type { Clock } from "./time/clock";

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
      const settings = readLivePlatformSettings(this.options);
      const http = this.connect("Live Platform", "livePlatform", "baseUrl", settings);
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
      const settings = readTenantGatewaySettings(this.options);
      const http = this.connect("tenant gateway", "tenantGateway", "baseUrl", settings);
      const authorized = new AuthorizedApi(http, this.gatewayCredentials(settings, http), this.options.clock);
      this.gateway = { api: new TenantGateway(authorized, settings.apiPath, this.warn), settings };
    }
    return this.gateway;
  }

  private platformCredentials(settings: LivePlatformSettings): CredentialSource {
    const { clock, redactor } = this.options;
    const { authorization } = settings;
    if (authorization.kind === "accessToken") {
      return fixedToken(authorization.accessToken, redactor, this.freshToken("livePlatform"));
    }
    const http = this.connect("token service", "livePlatform", "authUrl", {
      ...settings,
      baseUrl: new URL(authorization.authUrl).origin,
    });
    const advice = `Check ${this.names("livePlatform", "clientId", "clientSecret")}, the directory tenant and the scope.`;
    return clientCredentials({ ...authorization, advice }, http, clock, redactor);
  }

  private gatewayCredentials({ apiPath, authorization }: TenantGatewaySettings, http: HttpApi): CredentialSource {
    const { redactor } = this.options;
    const advice = `Check ${this.names("tenantGateway", "username", "password")}.`;
    const whereMissing = (name: string): string => `Check ${this.names("tenantGateway", "baseUrl", name)}.`;
    switch (authorization.kind) {
      case "accessToken":
        return fixedToken(authorization.accessToken, redactor, this.freshToken("tenantGateway"));
      case "core":
        return coreLogin(
          { ...authorization, advice, adviceWhereMissing: whereMissing("authentication") },
          http,
          redactor,
        );
      case "gateway":
        return gatewayLogin(
          { ...authorization, advice, adviceWhereMissing: whereMissing("apiPath") },
          http,
          apiPath,
          redactor,
        );
    }
  }

  private connect(name: string, prefix: SettingsPrefix, address: string, settings: ConnectionSettings): HttpApi {
    const { audience = "stack", clock, redactor, onRequest } = this.options;
    const options: HttpApiOptions = {
      ...settings,
      name,
      baseUrlKey: settingName(audience, prefix, address),
      caFileKey: settingName(audience, prefix, "caFile"),
      clock,
      redactor,
      onRequest,
    };
    return new HttpApi(options);
  }

  private freshToken(prefix: SettingsPrefix): string {
    return `The access token is not accepted (any more): set a fresh ${this.names(prefix, "accessToken")}.`;
  }

  private names(prefix: SettingsPrefix, ...names: readonly string[]): string {
    return settingNames(this.options.audience ?? "stack", prefix, ...names);
  }
}
