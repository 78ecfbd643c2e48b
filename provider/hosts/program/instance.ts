import * as pulumi from "@pulumi/pulumi";
import { addressIn } from "../../systems/settings/address";
import { type System, SYSTEMS } from "../../systems/settings/table";
import { ProgramMemory } from "./program-memory";
import { stackSettings } from "./stack-settings";

/** What serves a resource: the default provider, or a provider that the program made. Each has a plugin process of its own. */
export interface Instance {
  /** How messages call it. */
  readonly label: string;
  /** Where its system is, in one spelling; `undefined` where that is not known. */
  addressOf(system: System): string | undefined;
  /** Whether it is a provider resource that is not of our class, and so is configured with nothing of the stack. */
  readonly isForeign: boolean;
}

/** The instances of a run that are not our own class: the default provider, and raw provider resources. */
const instances = new ProgramMemory(() => new Map<pulumi.ProviderResource | undefined, Instance>());

/** The instance that serves a resource of this type with these options. */
export function instanceFor(type: string, options: pulumi.CustomResourceOptions | undefined): Instance {
  const provider = options?.provider ?? options?.parent?.getProvider(type);
  if (isInstance(provider)) {
    return provider;
  }
  if (provider !== undefined && !pulumi.ProviderResource.isInstance(provider)) {
    throw new pulumi.RunError("provider must be a provider resource, such as a Provider of pulumi-voice-licenses.");
  }
  const known = instances.ofThisRun();
  const instance = known.get(provider) ?? (provider === undefined ? defaultInstance() : unknownInstance());
  known.set(provider, instance);
  return instance;
}

function isInstance(provider: pulumi.ProviderResource | undefined): provider is pulumi.ProviderResource & Instance {
  return pulumi.ProviderResource.isInstance(provider) && typeof Reflect.get(provider, "addressOf") === "function";
}

function defaultInstance(): Instance {
  const settings = stackSettings();
  const addresses = new Map(SYSTEMS.map((system) => [system, addressIn(settings, system)]));
  return { label: "the default provider", addressOf: (system) => addresses.get(system), isForeign: false };
}

/** A raw provider resource: what it is configured with is not known here. */
function unknownInstance(): Instance {
  return { label: "another provider", addressOf: () => undefined, isForeign: true };
}
