import * as pulumi from "@pulumi/pulumi";
import { isConfigSecret } from "../provider/hosts/program/config-secret";
import { CustomerServiceLicense } from "../provider/hosts/program/generated/customer-service-license";
import type { Provider } from "../provider/hosts/program/provider";
import { TenantServiceLicenses } from "../provider/hosts/program/generated/tenant-service-licenses";
import { NO_OBJECT, type Section } from "../provider/kinds";
import { shownExactly } from "../provider/text/shown";
import { type Duration, parseDuration } from "../provider/time/duration";
import type { DeclaredCustomer } from "./check-customer";
import { type CheckedFleet, checkRead } from "./check-fleet";
import type { DeclaredTenant } from "./check-tenant";
import { fleetFilePath } from "./fleet-file";
import { type DeclaredFleet, isEmptyFleet } from "./kinds";
import { readFleet } from "./load-fleet";
import { type Mistake, mistakeLines } from "./mistake";
import { parseShard, refuseSharding, type Shard, shardOf } from "./shard";
import { CONFIG_NAMESPACE, type SecretStanding } from "./secret-reference";

/** The resources of a fleet file, by their names in it. */
export interface Fleet {
  /** The resources under `customers`. */
  readonly customers: Readonly<Record<string, CustomerServiceLicense>>;
  /** The resources under `tenants`. */
  readonly tenants: Readonly<Record<string, TenantServiceLicenses>>;
}

/** How the resources of a fleet file are declared. */
export interface FleetOptions {
  /** The instance that holds all objects of the file; without it, the systems of the stack's configuration and the environment. */
  readonly provider?: Provider;
  /**
   * Accepts a fleet file, included file or table that declares nothing: what it declared before leaves the stack, as each `onDestroy` in
   * its state says. `voice-licenses:allowEmpty` in the stack's configuration wins over it.
   * @default false
   */
  readonly allowEmpty?: boolean;
}

type ResourceOptions = Pick<FleetOptions, "provider">;

/**
 * Declares every customer and tenant of a fleet file as a resource; where the stack's configuration says `voice-licenses:shard: 2/8`,
 * those of the second of eight parts, which are divided by the ids of the objects.
 *
 * @param file Path of the file. What the stack's configuration says in `voice-licenses:file` wins over it. A relative path starts at
 *   the folder of Pulumi.yaml, which is found by walking up from the working directory.
 * @default "licenses.yaml"
 * @param options Which instance the file is about; a program may declare a file for each.
 * @returns The resources, by their names in the file.
 * @throws {pulumi.RunError} Where the file cannot be read or holds mistakes, all of them at once, each with its file, line, column and
 *   path; nothing is declared then. Also where it is to be declared in parts and has a removal policy other than `retain`.
 * @example
 * import { declareFleet } from "pulumi-voice-licenses/fleet";
 *
 * declareFleet();
 */
export function declareFleet(file = "licenses.yaml", { allowEmpty = false, ...options }: FleetOptions = {}): Fleet {
  const config = new pulumi.Config(CONFIG_NAMESPACE);
  const chosen = config.get("file") ?? file;
  const shard = shardOfStack(config);
  const fleet = declaredFleet(chosen, config, shard, config.getBoolean("allowEmpty") ?? allowEmpty);
  if (isEmptyFleet(fleet)) {
    void pulumi.log.warn(
      `${chosen} declares ${NO_OBJECT}: what the stack holds is taken out of it, as each onDestroy in its state says.`,
    );
  }
  const part = shard === undefined ? fleet : partOf(fleet, shard);
  return {
    customers: byName(part.customers, (customer) => declareCustomer(customer, config, options)),
    tenants: byName(part.tenants, (tenant) => declareTenant(tenant, options)),
  } satisfies Record<Section, unknown>;
}

function shardOfStack(config: pulumi.Config): Shard | undefined {
  const text = config.get("shard");
  if (text === undefined || text === "") {
    return undefined;
  }
  const shard = parseShard(text);
  if (shard === undefined) {
    throw new pulumi.RunError(
      `${CONFIG_NAMESPACE}:shard must be i/n, such as 1/4 for the first of four parts, not "${shownExactly(text, 100)}".`,
    );
  }
  return shard;
}

function partOf(fleet: DeclaredFleet, shard: Shard): DeclaredFleet {
  const refusal = refuseSharding(fleet);
  if (refusal !== undefined) {
    throw new pulumi.RunError(refusal);
  }
  return shardOf(fleet, shard);
}

function declaredFleet(
  file: string,
  config: pulumi.Config,
  shard: Shard | undefined,
  allowEmpty: boolean,
): DeclaredFleet {
  const read = readFleet(fleetFilePath(file, process.cwd()), file, { allowEmpty });
  if ("problem" in read) {
    throw new pulumi.RunError(read.problem);
  }
  if (shard === undefined) {
    return checked(
      file,
      checkRead(read, (key) => standingOf(config, key)),
    );
  }
  // The secrets of other parts are in other stacks.
  const { customers } = shardOf(checked(file, checkRead(read)), shard);
  const keys = new Set(customers.map(({ secretKey }) => secretKey));
  return checked(
    file,
    checkRead(read, (key) => (keys.has(key) ? standingOf(config, key) : "secret")),
  );
}

function checked(file: string, result: CheckedFleet): DeclaredFleet {
  if ("mistakes" in result) {
    throw new pulumi.RunError(mistakesMessage(file, result.mistakes));
  }
  return result.fleet;
}

/** The lines that name places stand alone, because Pulumi puts `error: ` before the first. */
function mistakesMessage(file: string, mistakes: readonly Mistake[]): string {
  const count = mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`;
  return `${file} has ${count}; nothing was changed.\n${mistakeLines(file, mistakes).join("\n")}`;
}

function declareCustomer(
  { name, inputs, secretKey }: DeclaredCustomer,
  config: pulumi.Config,
  options: ResourceOptions,
): CustomerServiceLicense {
  const { taskTimeout, ...others } = inputs;
  const args = {
    ...others,
    ...(taskTimeout !== undefined && isDuration(taskTimeout) ? { taskTimeout } : {}),
    ...(secretKey === undefined ? {} : { applicationClientSecret: config.requireSecret(secretKey) }),
  };
  return new CustomerServiceLicense(name, args, { ...options });
}

function isDuration(text: string): text is Duration {
  return parseDuration(text) !== undefined;
}

function declareTenant(
  { name, inputs: { services, ...inputs } }: DeclaredTenant,
  options: ResourceOptions,
): TenantServiceLicenses {
  const args = {
    ...inputs,
    groupServices: Object.fromEntries(services.groupServices),
    userServices: Object.fromEntries(services.userServices),
  };
  return new TenantServiceLicenses(name, args, { ...options });
}

function byName<T extends { readonly name: string }, R>(
  items: readonly T[],
  declare: (item: T) => R,
): Record<string, R> {
  return Object.fromEntries(items.map((item) => [item.name, declare(item)]));
}

function standingOf(config: pulumi.Config, key: string): SecretStanding {
  if (config.get(key) === undefined) {
    return "missing";
  }
  return isConfigSecret(`${CONFIG_NAMESPACE}:${key}`) ? "secret" : "plain";
}
