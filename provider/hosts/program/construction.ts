import type * as pulumi from "@pulumi/pulumi";
import { isExisting, refuseOldHost } from "./existing";
import { givenArguments } from "./given-arguments";
import { leaveOutPromiseTraces } from "./promise-traces";
import { existing, registration, registrationOptions, type ResourceKind, warnOfIgnoredOptions } from "./registration";

/**
 * What the constructor of a resource class hands to Pulumi's, and does around it. Each class extends Pulumi's own, with none between:
 * Pulumi counts the constructors from its own to the program, whose line it notes in state.
 */
export interface Construction {
  readonly properties: pulumi.Inputs;
  readonly options: pulumi.CustomResourceOptions;
  /** To be called with the error of Pulumi's constructor; gives the error to throw. */
  readonly failed: (error: unknown) => unknown;
  /** To be called after Pulumi's constructor. */
  readonly done: (resource: pulumi.Resource) => void;
}

/**
 * Begins to declare a resource or, where the options name an id, to read an object that exists.
 * @throws {pulumi.RunError} where there are no arguments, or a setting of the stack is wrong.
 */
export function constructing(
  kind: ResourceKind,
  name: string,
  args: object | undefined,
  options: pulumi.CustomResourceOptions | undefined,
): Construction {
  if (isExisting(options)) {
    refuseOldHost(kind.name);
    return {
      properties: existing(kind),
      options: registrationOptions(kind, options),
      failed: (error) => error,
      done: () => undefined,
    };
  }
  const given = { ...givenArguments(`${kind.name} ${name}`, args) };
  const restoreTraces = leaveOutPromiseTraces();
  try {
    return {
      properties: registration(kind, name, given, options),
      options: registrationOptions(kind, options),
      failed: restoreTraces,
      done: (resource) => {
        restoreTraces();
        warnOfIgnoredOptions(resource, options, kind.insteadOfTimeouts);
      },
    };
  } catch (error) {
    throw restoreTraces(error);
  }
}
