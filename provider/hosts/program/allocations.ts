import type * as pulumi from "@pulumi/pulumi";
import type { Allocation } from "../../tenant/allocation";

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

/** Allocations by service name, as outputs hold them: `{ "Hunt Group": "unlimited", "Call Pickup": 5 }`. */
export type AllocationMap = Record<string, Allocation>;
