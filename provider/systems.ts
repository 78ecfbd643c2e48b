import { LivePlatform } from "./apis/live-platform";
import { clientCredentials, fixedToken, type LivePlatformCredentials } from "./apis/live-platform-credentials";
import { TenantGateway } from "./apis/tenant-gateway";
import { gatewaySession } from "./apis/tenant-gateway-session";
import { HttpApi, type HttpApiOptions } from "./apis/transport/http-api";
import type { Redactor } from "./apis/transport/redact";
import {
  type ConnectionSettings,
  type Environment,
  type LivePlatformSettings,
  readLivePlatformSettings,
  readTenantGatewaySettings,
  type StackConfiguration,
  type TenantGatewaySettings,
} from "./settings";
import type { Clock } from "./time/clock";

/** What the connections to both systems are made of. */
export interface SystemsOptions {
  readonly configuration: StackConfiguration;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly onRequest?: ((line: string) => void) | undefined;
}

/** The two systems that hold licences, each connected when it is first needed: a stack may use only one. */
export class Systems {
  private platform: { api: LivePlatform; settings: LivePlatformSettings } | undefined;
  private gateway: { api: TenantGateway; settings: TenantGatewaySettings } | undefined;

  public constructor(private readonly options: SystemsOptions) {}

  /**
   * The Live Platform.
   * @throws {SettingsError} where its settings are missing or wrong.
   */
  public livePlatform(): { api: LivePlatform; settings: LivePlatformSettings } {
    if (this.platform === undefined) {
      const settings = readLivePlatformSettings(this.options.configuration, this.options.environment);
      const http = this.connect("Live Platform", "livePlatform:baseUrl", settings);
      const api = new LivePlatform(http, this.credentials(settings), settings);
      this.platform = { api, settings };
    }
    return this.platform;
  }

  /**
   * The tenant gateway.
   * @throws {SettingsError} where its settings are missing or wrong.
   */
  public tenantGateway(): { api: TenantGateway; settings: TenantGatewaySettings } {
    if (this.gateway === undefined) {
      const settings = readTenantGatewaySettings(this.options.configuration, this.options.environment);
      const http = this.connect("tenant gateway", "tenantGateway:baseUrl", settings);
      const api = new TenantGateway(http, gatewaySession(settings, http, settings.baseUrl, this.options.redactor));
      this.gateway = { api, settings };
    }
    return this.gateway;
  }

  private credentials(settings: LivePlatformSettings): LivePlatformCredentials {
    const { clock, redactor } = this.options;
    const { authorization } = settings;
    if (authorization.kind === "accessToken") {
      return fixedToken(authorization.accessToken, redactor);
    }
    const http = this.connect("token service", "livePlatform:authUrl", {
      ...settings,
      baseUrl: new URL(authorization.authUrl).origin,
    });
    return clientCredentials(authorization, http, clock, redactor);
  }

  private connect(name: string, baseUrlKey: string, settings: ConnectionSettings): HttpApi {
    const { clock, redactor, onRequest } = this.options;
    const options: HttpApiOptions = { ...settings, name, baseUrlKey, clock, redactor, onRequest };
    return new HttpApi(options);
  }
}
