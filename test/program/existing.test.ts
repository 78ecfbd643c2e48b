import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { version } from "@pulumi/pulumi/version";
import { CustomerServiceLicense, Provider, TenantServiceLicenses } from "../../provider";
import { refuseOldHost } from "../../provider/hosts/program/existing";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";

describe("get, for what a program only reads", () => {
  it("needs an SDK whose host can read, and says so", () => {
    for (const old of ["3.216.0", "3.267.9", "2.300.0"]) {
      assert.throws(
        () => {
          refuseOldHost("TenantServiceLicenses", old);
        },
        new RegExp(`TenantServiceLicenses\\.get needs @pulumi/pulumi 3\\.268 or newer, and this program has ${old}: `),
      );
    }
    for (const able of ["3.268.0", "3.270.1", "4.0.0", "3.268.0-alpha.1"]) {
      refuseOldHost("TenantServiceLicenses", able);
    }
  });

  it("reads by the id, with what loads the provider and nothing else", async function () {
    if (Number(version.split(".")[1]) < 268) {
      assert.throws(() => CustomerServiceLicense.get("contoso", GUID), pulumi.RunError);
      assert.throws(() => TenantServiceLicenses.get("foo", "foo"), pulumi.RunError);
      return;
    }
    const read: { id: string | undefined; inputs: unknown }[] = [];
    await pulumi.runtime.setMocks({
      newResource: ({ id, inputs }) => {
        read.push({ id, inputs });
        return { id, state: {} };
      },
      call: () => ({}),
    });
    const resources = [
      CustomerServiceLicense.get("contoso", GUID.toUpperCase()),
      TenantServiceLicenses.get("foo", "foo"),
    ];
    await Promise.all(resources.map((resource) => new Promise((resolve) => resource.urn.apply(resolve))));
    assert.deepEqual(
      read.map(({ id }) => id),
      [GUID, "foo"],
    );
    for (const { inputs } of read) {
      assert.deepEqual(Object.keys(inputs as object), ["__provider"]);
    }
  });

  it("is not what a resource without arguments means", () => {
    for (const [type, name] of [
      [TenantServiceLicenses, "TenantServiceLicenses"],
      [CustomerServiceLicense, "CustomerServiceLicense"],
      [Provider, "Provider"],
    ] as const) {
      for (const args of [[], [null], ["foo"]]) {
        assert.throws(() => Reflect.construct(type, ["foo", ...args]) as unknown, {
          message: `${name} foo has no arguments.`,
        });
      }
    }
  });
});
