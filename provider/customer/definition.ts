import { holdsUnknown } from "../resource/unknowns";
import type { Definition } from "../resource/definition";
import { claimOf } from "./claim";
import { namesIn, unset } from "../resource/fields";
import { applyCustomer } from "./apply";
import {
  checkCustomer,
  type ComparableCustomerInputs,
  customerFields,
  customerOutputs,
  readComparableCustomerInputs,
  readCustomerInputs,
} from "./fields";
import { Customers, importCustomer, type LivePlatformSystem } from "./customers";
import { removeCustomer } from "./remove";
import { type CustomerState, inputsOf, readCustomerState, writeCustomerState } from "./state";

/** The service licence of one Live Platform customer, as a process sees it. */
export function customerServiceLicense(platform: () => LivePlatformSystem): Definition<CustomerState> {
  const customers = new Customers(platform);
  return {
    typeName: "CustomerServiceLicense",
    system: "livePlatform",
    fields: customerFields,
    outputs: customerOutputs,
    check: checkCustomer,
    claims: ({ customerGuid: guid }) => [claimOf(typeof guid === "string" && !holdsUnknown(guid) ? guid : null)],
    readState: readCustomerState,
    writeState: writeCustomerState,
    inputsOf,
    isPending: ({ pendingTask, pendingPatch, unseen }) =>
      pendingTask !== undefined || pendingPatch === true || unseen !== undefined,
    withLocalInputs: (state, inputs) => withLocalInputs(state, readComparableCustomerInputs(inputs)),
    localLines: () => [],
    preview: (inputs, state, run) => customers.preview(inputs, state, run),
    readAhead: (guid, run) => customers.observeNew(guid, true, run),
    apply: (inputs, state, run) => applyCustomer(platform(), readCustomerInputs(inputs), state, run),
    read: (state, run) => customers.read(state, run),
    find: (id, run) => importCustomer(id, (guid) => customers.observe(guid, run), run),
    remove: (state, run) => removeCustomer(platform, state, run),
  };
}

/** State with the settings of the program; what a system holds stays as it was seen last. */
function withLocalInputs(state: CustomerState, inputs: ComparableCustomerInputs): CustomerState {
  const keepsRegistration = inputs.applicationClientId !== undefined;
  return {
    ...state,
    ...unset(namesIn(customerFields, "local")),
    ...inputs,
    customerGuid: state.customerGuid,
    licenseType: state.licenseType,
    licensedUsersCount: state.licensedUsersCount,
    applicationClientId: keepsRegistration ? state.applicationClientId : undefined,
    applicationClientSecret: keepsRegistration ? state.applicationClientSecret : undefined,
    resendSecret: inputs.resendSecret,
    customerFullName: state.customerFullName,
    customerFullNameDeclared: inputs.customerFullName === undefined ? undefined : true,
  };
}
