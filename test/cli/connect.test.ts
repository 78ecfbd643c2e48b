import assert from "node:assert/strict";
import { connectNeeded } from "../../cli/commands/connect";

const BOTH = { livePlatform: true, tenantGateway: true };
const ENVIRONMENT = {
  LIVE_PLATFORM_BASE_URL: "https://platform.example.com/tenantui",
  LIVE_PLATFORM_ACCESS_TOKEN: "t",
  TENANT_GATEWAY_BASE_URL: "https://gw.example.com",
  TENANT_GATEWAY_ACCESS_TOKEN: "t",
};

describe("the connection of a command", () => {
  it("is made to both systems as the environment says", () => {
    const { livePlatform, tenantGateway } = connectNeeded(ENVIRONMENT, BOTH);
    assert.equal(livePlatform?.settings.baseUrl, ENVIRONMENT.LIVE_PLATFORM_BASE_URL);
    assert.equal(tenantGateway?.settings.baseUrl, ENVIRONMENT.TENANT_GATEWAY_BASE_URL);
  });

  it("is refused with a variable that can only be meant as another, which is named once", () => {
    const environment = { ...ENVIRONMENT, TENANT_GATEWAY_REQUEST_PER_SECOND: "2", VOICE_LICENSES_MAX_REDUCTION: "1" };
    assert.throws(() => connectNeeded(environment, BOTH), {
      name: "SettingsError",
      message:
        "TENANT_GATEWAY_REQUEST_PER_SECOND is not a setting: did you mean TENANT_GATEWAY_REQUESTS_PER_SECOND?\n" +
        "VOICE_LICENSES_MAX_REDUCTION is not a setting: did you mean VOICE_LICENSES_MAX_REDUCTIONS?",
    });
  });
});
