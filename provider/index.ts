/**
 * What a program imports: two resources, the provider instances that serve them, their arguments, and the types that these are made of.
 * The licences of a whole fleet can also be declared by a file: see `pulumi-voice-licenses/fleet`.
 */
export {
  CustomerServiceLicense,
  type CustomerServiceLicenseArgs,
} from "./hosts/program/generated/customer-service-license";
export type { Customer } from "./customer/customer-lookup";
export type { CustomerQuery } from "./customer/customer-lookup";
export { type CustomerLookupOptions, getCustomer, getCustomerOutput } from "./hosts/program/get-customer";
export { Provider } from "./hosts/program/provider";
export type {
  ConnectionArgs,
  LivePlatformArgs,
  ProviderArgs,
  TenantGatewayArgs,
} from "./hosts/program/generated/provider-args";
export { LicenseType, type ObservedLicenseType } from "./customer/license-type";
export type { PendingTask } from "./customer/state";
export {
  type RemovalPolicy,
  TenantServiceLicenses,
  type TenantServiceLicensesArgs,
} from "./hosts/program/generated/tenant-service-licenses";
export type { AllocationMap, LicenseAllocation, LicenseAllocations } from "./hosts/program/allocations";
export type { Allocation } from "./tenant/allocation";
export type { Duration } from "./time/duration";
