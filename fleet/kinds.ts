import { type Section } from "../provider/kinds";
import { claimOf as claimToCustomer } from "../provider/customer/claim";
import {
  type Allocation,
  byKind,
  claimOf as claimToService,
  eachService,
  pathOf,
  type ServiceRef,
} from "../provider/tenant/allocation";
import type { Claim } from "../provider/resource/claim";
import { checkDeclaredCustomer, type DeclaredCustomer } from "./check-customer";
import type { Declaration } from "./check-inputs";
import { checkDeclaredTenant, type DeclaredTenant } from "./check-tenant";
import type { CheckedDeclaration } from "./claims";
import type { LookUpSecret } from "./secret-reference";

/** An object of a fleet file, checked, by its section. */
export interface DeclaredObjects {
  readonly customers: DeclaredCustomer;
  readonly tenants: DeclaredTenant;
}

/** What a fleet file declares, in the order of the file. */
export type DeclaredFleet = { readonly [S in Section]: readonly DeclaredObjects[S][] };

/** The licences that an object declares: its own, or those of one of its services. */
export type DeclaredValue = readonly [service: readonly [] | ServiceRef, declared: Allocation];

/** What is particular to a kind of object in a fleet file. */
interface FleetKind<S extends Section> {
  /** Checks one object in itself. */
  readonly check: (
    declaration: Declaration,
    lookUpSecret: LookUpSecret | undefined,
  ) => CheckedDeclaration<DeclaredObjects[S]>;
  /** Its id, as the resource has it. */
  readonly idOf: (declared: DeclaredObjects[S]) => string;
  /** What it declares to own. */
  readonly claimsOf: (declared: DeclaredObjects[S]) => Claim[];
  /** What it declares, as differences name it: `licensedUsersCount`, `groupServices.Hunt Group`. */
  readonly propertiesOf: (declared: DeclaredObjects[S]) => string[];
  readonly valuesOf: (declared: DeclaredObjects[S]) => DeclaredValue[];
  /** The object with what `valueOf` gives in the place of each value. */
  readonly withValues: (
    declared: DeclaredObjects[S],
    valueOf: (...value: DeclaredValue) => Allocation,
  ) => DeclaredObjects[S];
}

export const FLEET_KINDS: { readonly [S in Section]: FleetKind<S> } = {
  customers: {
    check: checkDeclaredCustomer,
    idOf: ({ inputs }) => inputs.customerGuid,
    claimsOf: ({ inputs }) => [claimToCustomer(inputs.customerGuid)],
    propertiesOf: ({ inputs }) => Object.keys(inputs),
    valuesOf: ({ inputs }) => [[[], inputs.licensedUsersCount]],
    withValues: (customer, valueOf) => {
      const licensedUsersCount = valueOf([], customer.inputs.licensedUsersCount);
      return typeof licensedUsersCount === "number"
        ? { ...customer, inputs: { ...customer.inputs, licensedUsersCount } }
        : customer;
    },
  },
  tenants: {
    check: checkDeclaredTenant,
    idOf: ({ inputs }) => inputs.tenantId,
    claimsOf: ({ inputs: { tenantId, services } }) =>
      [...eachService(services)].map(([kind, service]) => claimToService(tenantId, kind, service)),
    propertiesOf: ({ inputs }) => [...eachService(inputs.services)].map(([kind, service]) => pathOf(kind, service)),
    valuesOf: ({ inputs }) =>
      [...eachService(inputs.services)].map(([kind, service, value]) => [[kind, service], value]),
    withValues: (tenant, valueOf) => {
      const { inputs } = tenant;
      const services = byKind(
        (kind) => new Map([...inputs.services[kind]].map(([name, value]) => [name, valueOf([kind, name], value)])),
      );
      return { ...tenant, inputs: { ...inputs, services } };
    },
  },
};

/** The fleet of what `make` gives for each section. */
export function fleetOf(make: <S extends Section>(section: S) => readonly DeclaredObjects[S][]): DeclaredFleet {
  return { customers: make("customers"), tenants: make("tenants") };
}

/** The ids of the objects of a section, each once. */
export function idsOf<S extends Section>(section: S, objects: readonly DeclaredObjects[S][]): string[] {
  return [...new Set(objects.map((declared) => FLEET_KINDS[section].idOf(declared)))];
}

/** What the objects of a section declare to own. */
export function claimsOf<S extends Section>(section: S, objects: readonly DeclaredObjects[S][]): Claim[] {
  return objects.flatMap((declared) => FLEET_KINDS[section].claimsOf(declared));
}

/** Whether a fleet declares no object. */
export function isEmptyFleet(fleet: DeclaredFleet): boolean {
  return Object.values(fleet).every((objects) => objects.length === 0);
}
