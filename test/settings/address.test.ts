import assert from "node:assert/strict";
import { settingsFrom } from "../../provider/systems/settings";
import { addressIn, addressOf } from "../../provider/systems/settings/address";

describe("the address of a system, to compare", () => {
  const GATEWAY = "https://gw.example.com/api/v1";
  const spellings: readonly (readonly [baseUrl: string, apiPath: string | undefined, address: string])[] = [
    ["https://gw.example.com", undefined, GATEWAY],
    ["https://gw.example.com", "", GATEWAY],
    ["https://gw.example.com", "  ", GATEWAY],
    ["https://gw.example.com", "/api/v1", GATEWAY],
    ["https://gw.example.com", " /api/v1/ ", GATEWAY],
    ["https://gw.example.com", "/api/v1//", GATEWAY],
    ["https://gw.example.com/", undefined, GATEWAY],
    ["https://gw.example.com///", undefined, GATEWAY],
    ["https://gw.example.com.", undefined, GATEWAY],
    ["https://gw.example.com.:443/", undefined, GATEWAY],
    ["https://gw.example.com:443", undefined, GATEWAY],
    ["HTTPS://GW.Example.COM", "/API/v1", GATEWAY],
    [" https://gw.example.com\n", undefined, GATEWAY],
    ["https://user@gw.example.com", undefined, GATEWAY],
    ["https://gw.example.com/./x/..", undefined, GATEWAY],
    ["https://gw.example.com", "/%61pi/v1", GATEWAY],
    ["https://gw.example.com/%7Eone", undefined, "https://gw.example.com/~one/api/v1"],
    ["https://gw.example.com/a%2Fb", undefined, "https://gw.example.com/a%2fb/api/v1"],
    ["https://gw.example.com/a%2fb", undefined, "https://gw.example.com/a%2fb/api/v1"],
    ["https://gw.example.com/m\u00fcnchen", undefined, "https://gw.example.com/m%c3%bcnchen/api/v1"],
    ["https://gw.example.com/m%C3%BCnchen", undefined, "https://gw.example.com/m%c3%bcnchen/api/v1"],
    ["https://gw.example.com:8443", undefined, "https://gw.example.com:8443/api/v1"],
    ["http://gw.example.com:80", undefined, "http://gw.example.com/api/v1"],
    ["https://[2001:DB8::1]", undefined, "https://[2001:db8::1]/api/v1"],
    ["https://gw.example.com", "/api/v01/p1", "https://gw.example.com/api/v01/p1"],
    ["not an address", undefined, "not an address//api/v1"],
  ];
  for (const [baseUrl, apiPath, address] of spellings) {
    it(`of ${JSON.stringify(baseUrl)} with ${JSON.stringify(apiPath)} is ${address}`, () => {
      assert.equal(addressOf("tenantGateway", { baseUrl, apiPath }), address);
    });
  }

  it("differs for another host, port, scheme and path", () => {
    const others = [
      "https://gw.example.com",
      "https://gw2.example.com",
      "https://gw.example.com:444",
      "http://gw.example.com",
      "https://gw.example.com/x",
    ];
    assert.equal(new Set(others.map((baseUrl) => addressOf("tenantGateway", { baseUrl, apiPath: "" }))).size, 5);
  });

  it("is not known without a base URL; the Live Platform has no path of the API", () => {
    assert.equal(addressOf("tenantGateway", { baseUrl: undefined, apiPath: "/api/v1" }), undefined);
    assert.equal(addressOf("tenantGateway", { baseUrl: " ", apiPath: undefined }), undefined);
    const baseUrl = "https://portal.example.com/tenantui/";
    assert.equal(addressOf("livePlatform", { baseUrl, apiPath: "/x" }), "https://portal.example.com/tenantui");
  });

  it("follows the stack, then its environment, where an empty text counts as not given", () => {
    const environment = {
      TENANT_GATEWAY_BASE_URL: "https://shell.example.com",
      TENANT_GATEWAY_API_PATH: "/api/v01/p1",
    };
    const address = (tenantGateway: object): string | undefined =>
      addressIn(
        settingsFrom({ "voice-licenses:tenantGateway": tenantGateway }, { audience: "stack", environment }),
        "tenantGateway",
      );
    assert.equal(address({}), "https://shell.example.com/api/v01/p1");
    assert.equal(address({ baseUrl: "", apiPath: "" }), "https://shell.example.com/api/v01/p1");
    assert.equal(address({ baseUrl: "https://gw.example.com", apiPath: "/api/v1" }), GATEWAY);
  });
});
