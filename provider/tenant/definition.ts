import { SERVICE_KINDS, type ServiceKind } from "../systems/gateway/service-kinds";
import { isPlainObject } from "../text/plain-object";
import { UNKNOWN_VALUE } from "../resource/unknowns";
import type { Definition } from "../resource/definition";
import { byKind, claimOf } from "./allocation";
import { checkTenant, readTenantInputs, tenantFields, type TenantInputs, tenantOutputs } from "./fields";
import { goneServices, importTenant, Tenants } from "./tenants";
import type { TenantGatewaySystem } from "./observe";
import { previewLines } from "./plan";
import { inputsOf, readTenantState, type TenantState, writeTenantState } from "./state";

/** The service licences of one tenant of the gateway, as a process sees it. */
export function tenantServiceLicenses(gateway: () => TenantGatewaySystem): Definition<TenantState> {
  const tenants = new Tenants(gateway);
  return {
    typeName: "TenantServiceLicenses",
    system: "tenantGateway",
    fields: tenantFields,
    outputs: tenantOutputs,
    check: checkTenant,
    claims: (inputs) => {
      const { tenantId } = inputs;
      const id = typeof tenantId === "string" && tenantId !== UNKNOWN_VALUE ? tenantId : null;
      return SERVICE_KINDS.flatMap((kind) => {
        const services = inputs[kind];
        const names = isPlainObject(services) ? Object.keys(services) : services === UNKNOWN_VALUE ? [null] : [];
        return names.map((name) => claimOf(id, kind, name));
      });
    },
    readState: readTenantState,
    writeState: writeTenantState,
    inputsOf,
    isPending: ({ unseen }) => unseen !== undefined,
    withLocalInputs: (state, inputs) => withLocalInputs(state, readTenantInputs(inputs)),
    localLines: (state, inputs) => localLines(readTenantInputs(inputs), state),
    preview: (inputs, state, run) => tenants.preview(inputs, state, run),
    readAhead: (id, run) => tenants.look(id, run),
    apply: (inputs, state, run) => tenants.apply(readTenantInputs(inputs), state, run),
    read: (state, run) => tenants.read(state, run),
    find: (id, run) => importTenant(id, (tenantId) => tenants.observe(tenantId, run)),
    remove: (state, run) => tenants.remove(state, run),
  };
}

/** What preview shows of services that are no longer managed, from state alone: nothing is sent, so nothing is read. */
function localLines(inputs: TenantInputs, state: TenantState): string[] {
  const gone = goneServices(state, inputs.services);
  const kept = gone.map(([kind, name]) => ({ kind, name, allocation: state.services[kind].get(name) }));
  return previewLines({ changes: [], kept });
}

function withLocalInputs(state: TenantState, inputs: TenantInputs): TenantState {
  const managed = <T>(of: Readonly<Record<ServiceKind, ReadonlyMap<string, T>>>): Record<ServiceKind, Map<string, T>> =>
    byKind((kind) => new Map([...of[kind]].filter(([name]) => inputs.services[kind].has(name))));
  return {
    ...inputs,
    services: managed(state.services),
    original: managed(state.original),
  };
}
