import * as pulumi from "@pulumi/pulumi";
import { type ExistingOptions, isExisting, refuseOldHost } from "./existing";
import { givenArguments } from "./given-arguments";
import {
  existing,
  providerText,
  registration,
  registrationOptions,
  type ResourceKind,
  TYPE_PREFIX,
  warnOfIgnoredOptions,
} from "./registration";
import { leaveOutPromiseTraces } from "./promise-traces";
import type { CustomerServiceLicenseArgs } from "../resources/customer-service-license/arguments";
import { claimOf } from "../resources/customer-service-license/claim";
import type { ObservedLicenseType } from "../resources/customer-service-license/license-type";
import type { PendingTask } from "../resources/customer-service-license/state";

const INPUTS = {
  customerGuid: true,
  licenseType: true,
  licensedUsersCount: true,
  applicationClientId: true,
  applicationClientSecret: true,
  resendSecret: true,
  customerFullName: true,
  onDestroy: true,
  taskTimeout: true,
  allowBelowUse: true,
} satisfies Record<keyof CustomerServiceLicenseArgs, true>;

const KIND: ResourceKind = {
  type: `${TYPE_PREFIX}CustomerServiceLicense`,
  system: "livePlatform",
  provider: providerText("customerServiceLicense"),
  inputs: Object.keys(INPUTS),
  secretOutputs: ["applicationClientSecret"],
};

const OUTPUTS = [
  "customerFullName",
  "customerShortName",
  "clientSecretExpiresAt",
  "lastTaskId",
  "pendingTask",
  "pendingPatch",
  "unverified",
] as const;

/**
 * The service licence of one customer of the AudioCodes Live Platform, kept as declared.
 *
 * Declaring what a customer already holds adopts it without a write. A move from Operator Connect Essential starts a task of the
 * platform, waits for it, and then secures the link to the customer's Microsoft 365. Destroying the resource leaves the licence as
 * it is, unless `onDestroy` says otherwise. Nothing that this class does removes a customer.
 *
 * Its id is the customer's GUID. Preview fails, naming the input and the fix, where the customer does not exist or has no licence
 * yet, where it would have to move between Hosted and Operator Connect, where the count is below the active users, and where another
 * resource of the program declares the same customer.
 *
 * @see Live Platform REST API, "Upgrade or Downgrade Service License" and "Upgrade Operator Connect Customer License"
 * @example
 * new CustomerServiceLicense("contoso", {
 *   customerGuid: "d5253892-1c1e-4b23-89d7-29d86734c31b",
 *   licenseType: LicenseType.OcPro,
 *   licensedUsersCount: 50,
 *   applicationClientId: "0fdc8122-e0b5-43ac-8433-54860113710d",
 *   applicationClientSecret: config.requireSecret("contosoAppSecret"),
 * });
 */
export class CustomerServiceLicense extends pulumi.CustomResource {
  /** @internal The type token, for policy packs. */
  public static readonly __pulumiType = KIND.type;

  /** The customer's `umpCustomerGuid`, in lower case. */
  declare public readonly customerGuid: pulumi.Output<string>;
  /** The licence that the customer holds; after a refresh, one that is not declared too. */
  declare public readonly licenseType: pulumi.Output<ObservedLicenseType>;
  /** The number of licensed users. */
  declare public readonly licensedUsersCount: pulumi.Output<number>;
  /** Application (client) id of the App Registration. */
  declare public readonly applicationClientId: pulumi.Output<string | undefined>;
  /** Client secret of the App Registration, once it was sent or adopted. Always a secret. */
  declare public readonly applicationClientSecret: pulumi.Output<string | undefined>;
  /** The text whose change sends the App Registration again. */
  declare public readonly resendSecret: pulumi.Output<string | undefined>;
  /** The customer's full name, as the platform holds it. */
  declare public readonly customerFullName: pulumi.Output<string | undefined>;
  /** The customer's short name, as the platform holds it. */
  declare public readonly customerShortName: pulumi.Output<string | undefined>;
  /** When the App Registration's secret expires (ISO 8601, the platform's text taken as UTC), where the platform tells it. */
  declare public readonly clientSecretExpiresAt: pulumi.Output<string | undefined>;
  /** The id of the last task that ran for this customer, such as `tsk_185510`; absent where none ran. */
  declare public readonly lastTaskId: pulumi.Output<string | undefined>;
  /** An upgrade whose end has not been seen yet; the next `pulumi up` goes on with it. */
  declare public readonly pendingTask: pulumi.Output<PendingTask | undefined>;
  /** `true` while a PATCH is still owed; the next `pulumi up` sends it. */
  declare public readonly pendingPatch: pulumi.Output<boolean | undefined>;
  /**
   * `true` while the effect of the last write has not been seen: the other outputs show what was seen before it. The next `pulumi up`
   * looks first.
   */
  declare public readonly unverified: pulumi.Output<boolean | undefined>;
  /** What destroying the resource does. */
  declare public readonly onDestroy: pulumi.Output<"retain" | "downgrade" | undefined>;
  /** The longest wait for one task. */
  declare public readonly taskTimeout: pulumi.Output<string | undefined>;
  /** Whether the count may go below the active users. */
  declare public readonly allowBelowUse: pulumi.Output<boolean | undefined>;

  /**
   * Keeps the service licence of one Live Platform customer as declared: adopts what the customer already holds, and otherwise moves it to
   * the declared licence and user count. Destroying the resource leaves the licence as it is, unless `onDestroy` says otherwise.
   *
   * @example
   * new CustomerServiceLicense("contoso", {
   *   customerGuid: "d5253892-1c1e-4b23-89d7-29d86734c31b",
   *   licenseType: LicenseType.OcPro,
   *   licensedUsersCount: 50,
   * });
   * @param name The resource's name in the program.
   * @param args What the customer's licence is to be.
   * @param options Pulumi's resource options. `customTimeouts` has no effect: use `taskTimeout`. `import` is refused: creating adopts.
   * @throws {pulumi.RunError} Where the stack's configuration holds a credential that is not a secret, or it or the environment a name that
   *   can only be a misspelt setting.
   */
  public constructor(name: string, args: CustomerServiceLicenseArgs, options?: pulumi.CustomResourceOptions);
  /** @internal */
  public constructor(name: string, args: undefined, options: ExistingOptions);
  public constructor(
    name: string,
    args: CustomerServiceLicenseArgs | undefined,
    options?: pulumi.CustomResourceOptions,
  ) {
    if (isExisting(options)) {
      refuseOldHost("CustomerServiceLicense");
      super(KIND.type, name, existing(KIND, OUTPUTS), registrationOptions(KIND, options));
      return;
    }
    const given = givenArguments(`CustomerServiceLicense ${name}`, args);
    const { applicationClientSecret } = given;
    const inputs = {
      ...given,
      // A plain string is as secret as one from the configuration.
      ...(applicationClientSecret === undefined
        ? {}
        : { applicationClientSecret: pulumi.secret(applicationClientSecret) }),
    };
    const guid = typeof given.customerGuid === "string" ? given.customerGuid.toLowerCase() : undefined;
    const restoreTraces = leaveOutPromiseTraces();
    try {
      super(
        KIND.type,
        name,
        registration(KIND, name, inputs, OUTPUTS, options, {
          claims: [claimOf(guid ?? null)],
          // Without an App Registration, the list of all customers tells enough.
          readAhead: given.applicationClientId === undefined ? undefined : guid,
        }),
        registrationOptions(KIND, options),
      );
    } catch (error) {
      throw restoreTraces(error);
    }
    restoreTraces();
    warnOfIgnoredOptions(this, options, "taskTimeout");
  }

  /**
   * Reads the licence of a customer that this program does not manage. Nothing is written, and nothing becomes of it when it is taken out.
   *
   * @param name The resource's name in the program.
   * @param customerGuid The customer's `umpCustomerGuid`.
   * @param options Pulumi's resource options, such as the provider instance.
   * @throws {pulumi.RunError} Where `@pulumi/pulumi` is older than 3.268, which cannot read dynamic resources.
   * @example
   * const contoso = CustomerServiceLicense.get("contoso", "d5253892-1c1e-4b23-89d7-29d86734c31b");
   * export const users = contoso.licensedUsersCount;
   */
  public static get(
    name: string,
    customerGuid: pulumi.Input<pulumi.ID>,
    options?: pulumi.CustomResourceOptions,
  ): CustomerServiceLicense {
    const id = pulumi.output(customerGuid).apply((guid) => guid.toLowerCase());
    return new CustomerServiceLicense(name, undefined, { ...options, id });
  }

  /** Whether `candidate` is a resource of this class, also one of another copy of this package. */
  public static override isInstance(candidate: unknown): candidate is CustomerServiceLicense {
    return pulumi.CustomResource.isInstance(candidate) && Reflect.get(candidate, "__pulumiType") === KIND.type;
  }
}
