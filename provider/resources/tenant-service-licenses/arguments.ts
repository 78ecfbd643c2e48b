import type * as pulumi from "@pulumi/pulumi";

/**
 * How many licences of a service: `"unlimited"`, a maximum (a whole number from 0, which means not licensed, to 2147483647), or the
 * same as the API writes it: `{ unlimited: true }`, or `{ unlimited: false, maximum: 5 }`. State holds one of the first two.
 *
 * @example "unlimited"
 * @example 5
 * @see Gateway API, "Service Licenses"
 */
export type LicenseAllocation = "unlimited" | number | { unlimited: boolean; maximum?: number | undefined };

/**
 * Allocations by service name, or the API's list form. A name is written as the gateway lists it: 1 to 200 characters, none of them a
 * control character. A service that is named twice is refused.
 *
 * @example { "Hunt Group": "unlimited", "Call Pickup": 5 }
 * @example [{ name: "Hunt Group", allocated: { unlimited: true } }]
 */
export type LicenseAllocations =
  | Record<string, pulumi.Input<LicenseAllocation>>
  | pulumi.Input<{ name: pulumi.Input<string>; allocated: pulumi.Input<LicenseAllocation> }>[];

/**
 * What becomes of a service that is no longer managed: leave it as it is (`retain`), set it to 0 (`unlicense`), or put back what was
 * found first (`restore`, see the output `original`).
 */
export type RemovalPolicy = "retain" | "unlicense" | "restore";

/**
 * What a tenant is to be licensed for. An input that is absent, `undefined` or `null` means its default. An input that is wrong in
 * itself is refused by preview, and so is what the gateway would refuse, as far as reading tells.
 *
 * @see Gateway API, "Service Licenses"
 */
export interface TenantServiceLicensesArgs {
  /**
   * The tenant's id at the gateway: 1 to 255 characters, none of them `/ \ ? # %` or a control character. Changing it replaces the
   * resource.
   *
   * @example "foo"
   */
  tenantId: pulumi.Input<string>;
  /**
   * Group services that this resource manages; all others are never touched. One of the two maps must hold a service.
   *
   * @default {}
   * @example { "Hunt Group": "unlimited", "Call Pickup": 5 }
   */
  groupServices?: pulumi.Input<LicenseAllocations> | undefined;
  /**
   * User services that this resource manages; all others are never touched.
   *
   * @default {}
   * @example { "Call Forwarding Busy": 7, "Anonymous Call Rejection": 0 }
   */
  userServices?: pulumi.Input<LicenseAllocations> | undefined;
  /**
   * What becomes of a service that is taken out of the maps: `retain` leaves it as it is, `unlicense` sets it to 0, `restore` puts back
   * what it held before Pulumi first managed it.
   *
   * @default "retain"
   */
  onServiceRemoved?: pulumi.Input<RemovalPolicy> | undefined;
  /**
   * What becomes of all managed services when the resource is destroyed: `retain` leaves them as they are, `unlicense` sets them to 0,
   * `restore` puts back what they held before Pulumi first managed them. What counts is what the last `pulumi up` has put into state.
   *
   * @default "retain"
   */
  onDestroy?: pulumi.Input<RemovalPolicy> | undefined;
  /**
   * Lets a maximum go below what is allocated now, or handed out by service packs, also when a service is taken out or the resource is
   * destroyed. What the gateway then does is not documented.
   *
   * @default false
   */
  allowBelowUse?: pulumi.Input<boolean> | undefined;
  /**
   * Sends services that the gateway does not list. They cannot be read back: state keeps what was sent, and drift in them is not seen.
   *
   * @default false
   */
  allowUnlisted?: pulumi.Input<boolean> | undefined;
}
