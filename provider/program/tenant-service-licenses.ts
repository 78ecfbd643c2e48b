import * as pulumi from "@pulumi/pulumi";
import { SERVICE_KINDS, type ServiceKind } from "../apis/service-kinds";
import { type ExistingOptions, isExisting, refuseOldHost } from "./existing";
import { givenArguments } from "./given-arguments";
import {
  existing,
  type PlainValues,
  providerText,
  registration,
  registrationOptions,
  type ResourceKind,
  TYPE_PREFIX,
  warnOfIgnoredOptions,
} from "./registration";
import { leaveOutPromiseTraces } from "./promise-traces";
import { type Allocation, claimOf } from "../resources/tenant-service-licenses/allocation";
import type { RemovalPolicy, TenantServiceLicensesArgs } from "../resources/tenant-service-licenses/arguments";

const INPUTS = {
  tenantId: true,
  groupServices: true,
  userServices: true,
  onServiceRemoved: true,
  onDestroy: true,
  allowBelowUse: true,
  allowUnlisted: true,
} satisfies Record<keyof TenantServiceLicensesArgs, true>;

const KIND: ResourceKind = {
  type: `${TYPE_PREFIX}TenantServiceLicenses`,
  system: "tenantGateway",
  provider: providerText("tenantServiceLicenses"),
  inputs: Object.keys(INPUTS),
  secretOutputs: [],
};

const OUTPUTS = ["original", "unverified"] as const;

/** Allocations by service name, as outputs hold them: `{ "Hunt Group": "unlimited", "Call Pickup": 5 }`. */
export type AllocationMap = Record<string, Allocation>;

/**
 * The service licences of one tenant of a BroadWorks gateway, kept as declared.
 *
 * Only the services that are named are managed; all others are never touched. What already is as declared is adopted without a write.
 * Services that are taken out, and all services when the resource is destroyed, stay as they are unless a policy says otherwise.
 *
 * Its id is the tenant's id. Preview fails, naming the service and the fix, where the tenant does not exist, where the gateway does not
 * list a service, where a maximum would go below what is allocated, and where another resource of the program declares the same service
 * of the same tenant. Where the gateway updates only some services, `pulumi up` fails and names the others, and state holds what is there.
 *
 * @see Gateway API, "Service Licenses"
 * @example
 * new TenantServiceLicenses("foo", {
 *   tenantId: "foo",
 *   groupServices: { "Hunt Group": "unlimited", "Call Pickup": 5 },
 *   userServices: { "Call Forwarding Busy": 7, "Anonymous Call Rejection": 0 },
 * });
 */
export class TenantServiceLicenses extends pulumi.CustomResource {
  /** @internal The type token, for policy packs. */
  public static readonly __pulumiType = KIND.type;

  /** The tenant's id. */
  declare public readonly tenantId: pulumi.Output<string>;
  /** The managed group services, as they are. */
  declare public readonly groupServices: pulumi.Output<AllocationMap | undefined>;
  /** The managed user services, as they are. */
  declare public readonly userServices: pulumi.Output<AllocationMap | undefined>;
  /** What each managed service held in the first run that reached state. */
  declare public readonly original: pulumi.Output<Partial<Record<ServiceKind, AllocationMap>>>;
  /** `true` while it is not known what became of the last update; the next `pulumi up` reads the tenant first. */
  declare public readonly unverified: pulumi.Output<boolean | undefined>;
  /** What becomes of a service that is taken out of the maps. */
  declare public readonly onServiceRemoved: pulumi.Output<RemovalPolicy | undefined>;
  /** What becomes of all managed services when the resource is destroyed. */
  declare public readonly onDestroy: pulumi.Output<RemovalPolicy | undefined>;
  /** Whether a maximum may go below what is allocated. */
  declare public readonly allowBelowUse: pulumi.Output<boolean | undefined>;
  /** Whether services are sent that the gateway does not list. */
  declare public readonly allowUnlisted: pulumi.Output<boolean | undefined>;

  /**
   * Keeps the service licences of one BroadWorks tenant as declared. Services that are not named are never touched. Those taken out, and
   * all of them when the resource is destroyed, stay as they are, unless `onServiceRemoved` and `onDestroy` say otherwise.
   *
   * @example
   * new TenantServiceLicenses("foo", {
   *   tenantId: "foo",
   *   groupServices: { "Hunt Group": "unlimited", "Call Pickup": 5 },
   * });
   * @param name The resource's name in the program.
   * @param args What the tenant is to be licensed for.
   * @param options Pulumi's resource options. `customTimeouts` has no effect. `import` is refused: creating adopts.
   * @throws {pulumi.RunError} Where the stack's configuration holds a credential that is not a secret, or it or the environment a name that
   *   can only be a misspelt setting.
   */
  public constructor(name: string, args: TenantServiceLicensesArgs, options?: pulumi.CustomResourceOptions);
  /** @internal */
  public constructor(name: string, args: undefined, options: ExistingOptions);
  public constructor(
    name: string,
    args: TenantServiceLicensesArgs | undefined,
    options?: pulumi.CustomResourceOptions,
  ) {
    if (isExisting(options)) {
      refuseOldHost("TenantServiceLicenses");
      super(KIND.type, name, existing(KIND, OUTPUTS), registrationOptions(KIND, options));
      return;
    }
    const given = givenArguments(`TenantServiceLicenses ${name}`, args);
    const restoreTraces = leaveOutPromiseTraces();
    try {
      super(
        KIND.type,
        name,
        registration(KIND, name, withCarriedMaps(given), OUTPUTS, options, plainValuesOf(given)),
        registrationOptions(KIND, options),
      );
    } catch (error) {
      throw restoreTraces(error);
    }
    restoreTraces();
    warnOfIgnoredOptions(this, options);
  }

  /**
   * Reads the service licences of a tenant that this program does not manage: every service that is licensed. Nothing is written, and
   * nothing becomes of it when it is taken out.
   *
   * @param name The resource's name in the program.
   * @param tenantId The tenant's id.
   * @param options Pulumi's resource options, such as the provider instance.
   * @throws {pulumi.RunError} Where `@pulumi/pulumi` is older than 3.268, which cannot read dynamic resources.
   * @example
   * const foo = TenantServiceLicenses.get("foo", "foo");
   * export const licensed = foo.groupServices;
   */
  public static get(
    name: string,
    tenantId: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): TenantServiceLicenses {
    return new TenantServiceLicenses(name, undefined, { ...options, id: tenantId });
  }

  /** Whether `candidate` is a resource of this class, also one of another copy of this package. */
  public static override isInstance(candidate: unknown): candidate is TenantServiceLicenses {
    return pulumi.CustomResource.isInstance(candidate) && Reflect.get(candidate, "__pulumiType") === KIND.type;
  }
}

/**
 * Pulumi makes a text of each plain input, for messages of its own, and fails on a map whose key is `toString`. It leaves outputs alone.
 */
function withCarriedMaps(args: TenantServiceLicensesArgs): TenantServiceLicensesArgs {
  const carried = SERVICE_KINDS.flatMap((kind) => {
    const services: unknown = args[kind];
    return typeof services === "object" && services !== null && Object.hasOwn(services, "toString")
      ? [[kind, pulumi.output(services)] as const]
      : [];
  });
  return { ...args, ...Object.fromEntries(carried) };
}

/** What plain values say. An output may depend on another resource of the program, so none is waited for. */
function plainValuesOf(args: TenantServiceLicensesArgs): PlainValues {
  const tenantId = typeof args.tenantId === "string" ? args.tenantId : null;
  const claims = SERVICE_KINDS.flatMap((kind) => namesIn(args[kind]).map((name) => claimOf(tenantId, kind, name)));
  return { claims, readAhead: tenantId ?? undefined };
}

/** The names of services in either form; `null` for those that are not known yet. */
function namesIn(services: unknown): (string | null)[] {
  if (services === undefined || services === null) {
    return [];
  }
  if (Array.isArray(services)) {
    return services.map((item: unknown) => {
      const name: unknown = typeof item === "object" && item !== null ? Reflect.get(item, "name") : undefined;
      return typeof name === "string" ? name : null;
    });
  }
  const isPlain = typeof services === "object" && !pulumi.Output.isInstance(services) && !(services instanceof Promise);
  return isPlain ? Object.keys(services) : [null];
}
