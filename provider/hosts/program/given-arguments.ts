import * as pulumi from "@pulumi/pulumi";

/**
 * Arguments that are there: a program in JavaScript may give none.
 * @param owner What they are for, as messages call it.
 * @throws {pulumi.RunError} where there are none.
 */
export function givenArguments<T extends object>(owner: string, args: T | null | undefined): T {
  if (typeof args !== "object" || args === null) {
    throw new pulumi.RunError(`${owner} has no arguments.`);
  }
  return args;
}
