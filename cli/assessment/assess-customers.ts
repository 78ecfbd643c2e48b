import type { DeclaredCustomer } from "../../fleet/check-customer";
import { listCustomers } from "../inventory/customers";
import { connected } from "../inventory/systems";
import { type Observation, observeCustomer, withLicensesInUse } from "../../provider/customer/customers";
import { assessCustomer, unmanagedCustomers } from "./assess-customer";
import { type Assessment, joined, NOTHING } from "./assessment";
import { attempt, type Looking } from "./looking";

/** Customers without an App Registration are served by one list call, any other by a call of its own. */
export async function assessCustomers(
  customers: readonly DeclaredCustomer[],
  { livePlatform, unmanaged, isIncluded, signal, advance }: Looking,
): Promise<Assessment> {
  if (customers.length === 0 && (livePlatform === undefined || unmanaged === "none")) {
    return NOTHING;
  }
  const platform = connected(livePlatform);
  const { api, settings } = platform;
  const list = listCustomers(platform, signal);
  const listed = list.then(({ rows }) => new Map(rows.map((one) => [one.guid, one])));
  // Whoever needs the list hears of its failure.
  listed.catch(() => undefined);
  const observe = async (inputs: DeclaredCustomer["inputs"]): Promise<Observation> => {
    const { customerGuid, applicationClientId } = inputs;
    const entry = applicationClientId === undefined ? (await listed).get(customerGuid) : undefined;
    const observation: Observation =
      entry === undefined
        ? await observeCustomer(api, customerGuid, settings, signal)
        : { found: true, customer: entry.customer };
    return observation.found
      ? { found: true, customer: await withLicensesInUse(api, customerGuid, observation.customer, inputs, signal) }
      : observation;
  };
  const assessed = await Promise.all(
    customers.map((customer) =>
      attempt({ kind: "customer", id: customer.inputs.customerGuid, name: customer.name }, advance, async () => ({
        objects: [assessCustomer(customer, await observe(customer.inputs), platform)],
      })),
    ),
  );
  const { objects, errors } = joined(assessed);
  if (unmanaged === "none") {
    return { ...NOTHING, objects, errors };
  }
  const declared = new Set(customers.map(({ inputs }) => inputs.customerGuid));
  const others = await attempt(
    { kind: "customer", name: "(the list of customers)" },
    () => undefined,
    async () => {
      const { gap } = await list;
      if (gap !== undefined) {
        throw gap;
      }
      const found = unmanagedCustomers([...(await listed).values()], declared);
      return { unmanaged: found.filter(({ id }) => isIncluded(id)) };
    },
  );
  // Customers that needed the list have reported its failure already.
  const reported = new Set(errors.map(({ message }) => message));
  return {
    ...NOTHING,
    objects,
    unmanaged: others.unmanaged,
    errors: [...errors, ...others.errors.filter(({ message }) => !reported.has(message))],
  };
}
