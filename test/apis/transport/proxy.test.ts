import assert from "node:assert/strict";
import { proxyFor } from "../../../provider/systems/transport/proxy";

const GATEWAY = new URL("https://gw.example.invalid");

describe("choice of a proxy", () => {
  const choices: readonly (readonly [what: string, environment: Record<string, string>, chosen: string | undefined])[] =
    [
      ["nothing", {}, undefined],
      ["HTTPS_PROXY", { HTTPS_PROXY: "http://p:3128" }, "http://p:3128/"],
      ["https_proxy before HTTPS_PROXY", { HTTPS_PROXY: "http://a:1", https_proxy: "http://b:2" }, "http://b:2/"],
      ["ALL_PROXY where there is no other", { ALL_PROXY: "http://a:1" }, "http://a:1/"],
      ["HTTPS_PROXY before all_proxy", { HTTPS_PROXY: "http://a:1", all_proxy: "http://b:2" }, "http://a:1/"],
      ["nothing from an empty variable", { HTTPS_PROXY: "", ALL_PROXY: " " }, undefined],
      ["the upper case where the lower is empty", { https_proxy: "", HTTPS_PROXY: "http://a:1" }, "http://a:1/"],
      ["nothing from HTTP_PROXY for https", { HTTP_PROXY: "http://a:1" }, undefined],
      ["an address without a scheme", { HTTPS_PROXY: "proxy:3128" }, "http://proxy:3128/"],
      [
        "an address without a scheme, with a user",
        { HTTPS_PROXY: "user:pa55@proxy:3128" },
        "http://user:pa55@proxy:3128/",
      ],
      ["an address and its scheme in capitals", { HTTPS_PROXY: "HTTP://Proxy:3128" }, "http://proxy:3128/"],
      ["an address alone", { HTTPS_PROXY: "10.1.2.3:8080" }, "http://10.1.2.3:8080/"],
      ["an address of IPv6", { HTTPS_PROXY: "[::1]:8080" }, "http://[::1]:8080/"],
      ["a proxy that speaks TLS", { HTTPS_PROXY: "https://proxy:8443" }, "https://proxy:8443/"],
      ["what stands between spaces", { HTTPS_PROXY: " http://proxy:3128\n" }, "http://proxy:3128/"],
      ["a percent sign that encodes nothing", { HTTPS_PROXY: "http://u:100%@p:1" }, "http://u:100%25@p:1/"],
    ];
  for (const [what, environment, chosen] of choices) {
    it(`takes ${what}`, () => {
      assert.equal(proxyFor(GATEWAY, environment)?.url.href, chosen);
    });
  }

  it("takes HTTP_PROXY for plain http, and names the variable that it took", () => {
    const environment = { HTTPS_PROXY: "http://a:1", http_proxy: "http://b:2" };
    assert.equal(proxyFor(GATEWAY, environment)?.variable, "HTTPS_PROXY");
    assert.equal(proxyFor(new URL("http://localhost:8080"), environment)?.variable, "http_proxy");
  });

  for (const address of [
    "socks5://user:pa55@p:1080",
    "ftp://p:21",
    "http://",
    "http://pro xy:1",
    "http://p:99999",
    "://p",
  ]) {
    it(`refuses ${address} and names the variable, not the password`, () => {
      assert.throws(
        () => proxyFor(GATEWAY, { ALL_PROXY: address }),
        ({ message }: Error) => message.startsWith("ALL_PROXY ") && !message.includes("pa55"),
      );
    });
  }

  const EXEMPT: readonly (readonly [noProxy: string, target: string, exempt: boolean])[] = [
    ["example.invalid", "https://gw.example.invalid", true],
    [".example.invalid", "https://gw.example.invalid", true],
    ["*.example.invalid", "https://gw.example.invalid", true],
    ["gw.example.invalid", "https://gw.example.invalid", true],
    ["GW.Example.INVALID", "https://gw.example.invalid", true],
    ["example.invalid.", "https://gw.example.invalid", true],
    ["example.invalid", "https://gw.example.invalid.", true],
    ["example.invalid", "https://example.invalid", true],
    [".example.invalid", "https://example.invalid", true],
    ["example.invalid", "https://badexample.invalid", false],
    ["ample.invalid", "https://gw.example.invalid", false],
    ["gw", "https://gw.example.invalid", false],
    ["invalid", "https://gw.example.invalid", true],
    ["*", "https://gw.example.invalid", true],
    ["a.b,*", "https://gw.example.invalid", true],
    ["localhost, example.invalid", "https://gw.example.invalid", true],
    ["localhost example.invalid", "https://gw.example.invalid", true],
    [",, ,", "https://gw.example.invalid", false],
    ["example.invalid:443", "https://gw.example.invalid", true],
    ["example.invalid:8443", "https://gw.example.invalid", false],
    ["example.invalid:8443", "https://gw.example.invalid:8443", true],
    ["example.invalid:443", "https://gw.example.invalid:8443", false],
    ["*:8443", "https://gw.example.invalid:8443", true],
    ["10.1.2.3", "https://10.1.2.3", true],
    ["10.1.2.3:443", "https://10.1.2.3", true],
    ["10.1.2.3:444", "https://10.1.2.3", false],
    ["10.0.0.0/8", "https://10.1.2.3", true],
    ["10.0.0.0/8", "https://11.1.2.3", false],
    ["10.0.0.0/16", "https://10.1.2.3", false],
    ["10.0.0.0/33", "https://10.1.2.3", false],
    ["10.0.0.0/x", "https://10.1.2.3", false],
    ["2.3", "https://10.1.2.3", false],
    ["::1", "https://[::1]", true],
    ["[::1]", "https://[::1]:8443", true],
    ["[::1]:8443", "https://[::1]:8443", true],
    ["[::1]:8443", "https://[::1]", false],
    ["fd00::/8", "https://[fd12::7]", true],
    ["fd00::/8", "https://[fe80::7]", false],
    ["0:0:0:0:0:0:0:1", "https://[::1]", true],
    ["10.0.0.0/8", "https://[fd12::7]", false],
    ["10.0.0.0/8", "https://gw.example.invalid", false],
  ];
  for (const [noProxy, target, exempt] of EXEMPT) {
    it(`NO_PROXY=${noProxy} ${exempt ? "exempts" : "does not exempt"} ${target}`, () => {
      const environment = { HTTPS_PROXY: "http://p:3128", NO_PROXY: noProxy };
      assert.equal(proxyFor(new URL(target), environment) === undefined, exempt);
    });
  }
});
