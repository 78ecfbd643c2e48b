import type * as pulumi from "@pulumi/pulumi";
import type { Duration } from "../../time/duration";
import type { LicenseType } from "./license-type";

/**
 * What a customer's service licence is to be. An input that is absent, `undefined` or `null` means its default. An input that is wrong
 * in itself is refused by preview, and so is what the platform would refuse, as far as reading tells.
 *
 * @see Live Platform REST API, "Upgrade or Downgrade Service License" and "Upgrade Operator Connect Customer License"
 */
export interface CustomerServiceLicenseArgs {
  /**
   * The customer's `umpCustomerGuid`, a UUID in any case; state holds it in lower case. Changing it replaces the resource.
   *
   * @example "d5253892-1c1e-4b23-89d7-29d86734c31b"
   * @see Live Platform REST API, "Upgrade or Downgrade Service License"
   */
  customerGuid: pulumi.Input<string>;
  /**
   * The licence that the customer is to hold: one of {@link LicenseType}, or the API's number 1, 2, 4 or 5. A move between Hosted
   * and Operator Connect is refused.
   *
   * @example LicenseType.OcPro
   */
  licenseType: pulumi.Input<LicenseType | 1 | 2 | 4 | 5>;
  /**
   * The number of licensed users: a whole number from 1 to 2147483647. One that is below the active users is refused, unless
   * `allowBelowUse` is set.
   *
   * @example 50
   */
  licensedUsersCount: pulumi.Input<number>;
  /**
   * Application (client) id of the App Registration that secures the link to the customer's Microsoft 365: a UUID. Together with
   * the secret, or not at all; needed for a move from Operator Connect Essential. Taking both out of a program sends nothing.
   *
   * @example "0fdc8122-e0b5-43ac-8433-54860113710d"
   */
  applicationClientId?: pulumi.Input<string> | undefined;
  /**
   * Client secret of the App Registration: one line of 1 to 1000 characters. It is encrypted in state, whether or not it was given as
   * a secret. The platform masks it, so that it cannot be compared with what is there: it is sent when it differs from the one sent
   * or adopted before.
   *
   * @example config.requireSecret("contosoAppSecret")
   */
  applicationClientSecret?: pulumi.Input<string> | undefined;
  /**
   * One line of 1 to 1000 characters, any change of which sends the App Registration again, for example after it was changed on the
   * platform by hand. Without an App Registration it sends nothing.
   *
   * @example "2026-11-23"
   */
  resendSecret?: pulumi.Input<string> | undefined;
  /**
   * The customer's full name: one line of 1 to 500 characters. Declared, it is compared and kept; not declared, it is an output only.
   *
   * @example "Contoso Ltd"
   */
  customerFullName?: pulumi.Input<string> | undefined;
  /**
   * What destroying the resource does: leave the licence as it is, or move Pro to Essentials Plus of the same family. What counts is
   * what the last `pulumi up` has put into state.
   *
   * @default "retain"
   */
  onDestroy?: pulumi.Input<"retain" | "downgrade"> | undefined;
  /**
   * The longest wait for one task of the platform, at most a day. When it is over, `pulumi up` fails, the task goes on, and the next
   * `pulumi up` goes on waiting for it.
   *
   * @default "30m"
   * @example "90s"
   */
  taskTimeout?: pulumi.Input<Duration> | undefined;
  /**
   * Lets the count go below the active users. What the platform then does is not documented. Changing it needs no request.
   *
   * @default false
   */
  allowBelowUse?: pulumi.Input<boolean> | undefined;
}
