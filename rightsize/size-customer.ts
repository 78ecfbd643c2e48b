import type { DeclaredCustomer } from "../fleet/check-customer";
import { type Allocation, mostInUse } from "../provider/resources/tenant-service-licenses/allocation";
import { withHeadroom } from "./headroom";
import { COUNT_PROPERTY, type Sizing, type SizingOptions } from "./sizing";
import { useKey, type UseByKey } from "./use";

/** The size of a customer's user count. */
export function sizesOfCustomer(
  { name, inputs: { customerGuid, licensedUsersCount } }: DeclaredCustomer,
  useByKey: UseByKey,
  { headroom }: SizingOptions,
): Sizing[] {
  const use = useByKey.get(useKey(customerGuid));
  const suggestion: Pick<Sizing, "suggested" | "kept"> =
    use === undefined
      ? { suggested: licensedUsersCount, kept: "unknown use" }
      : // Neither the platform nor the fleet file knows a licence for no user.
        { suggested: Math.max(1, withHeadroom(mostInUse(use), headroom)), kept: undefined };
  const object = { kind: "customer", id: customerGuid, name } as const;
  return [{ ...object, service: undefined, declared: licensedUsersCount, use, ...suggestion }];
}

export function resizedCustomer(
  customer: DeclaredCustomer,
  suggested: (property: string) => Allocation | undefined,
): DeclaredCustomer {
  const licensedUsersCount = suggested(COUNT_PROPERTY);
  return typeof licensedUsersCount === "number"
    ? { ...customer, inputs: { ...customer.inputs, licensedUsersCount } }
    : customer;
}
