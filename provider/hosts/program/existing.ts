import * as pulumi from "@pulumi/pulumi";
import { version } from "@pulumi/pulumi/version";

/** The first version of Pulumi's dynamic host that can read an object that is not in state. */
const FIRST = { major: 3, minor: 268 };

/** What a resource is read with: the id of its object. */
export type ExistingOptions = pulumi.CustomResourceOptions & { readonly id: pulumi.Input<pulumi.ID> };

/** Whether the options say that the object is only to be read. */
export function isExisting(options: pulumi.CustomResourceOptions | undefined): options is ExistingOptions {
  return options?.id !== undefined;
}

/**
 * Refuses to read with a version of Pulumi's SDK whose host fails in it.
 * @throws {pulumi.RunError} naming the version that can.
 */
export function refuseOldHost(typeName: string, installed = version): void {
  const [major = 0, minor = 0] = installed.split(".").map(Number);
  if (major < FIRST.major || (major === FIRST.major && minor < FIRST.minor)) {
    throw new pulumi.RunError(
      `${typeName}.get needs @pulumi/pulumi ${FIRST.major}.${FIRST.minor} or newer, and this program has ${installed}: update it, or declare the resource, which adopts what exists.`,
    );
  }
}
