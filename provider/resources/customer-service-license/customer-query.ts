import type { LivePlatformCustomer } from "../../apis/live-platform";
import { nearest } from "../../text/nearest";
import { shown } from "../../text/shown";
import { quoted } from "./names";

/** By which of its names a customer is looked for. */
export type CustomerQuery =
  | {
      /** Its short name, as the platform writes it. */
      readonly shortName: string;
    }
  | {
      /** Its full name, as the platform writes it. */
      readonly fullName: string;
    };

/** The one customer that a query means, or why there is none. */
export type QueryResult =
  { readonly customer: LivePlatformCustomer; readonly guid: string } | { readonly problem: string };

/** The customer of that very name: one that differs in case only is offered, not taken. */
export function findByName(customers: readonly LivePlatformCustomer[], query: CustomerQuery): QueryResult {
  const byShortName = "shortName" in query;
  const wanted = byShortName ? query.shortName : query.fullName;
  const what = `${byShortName ? "shortName" : "fullName"} ${quoted(wanted)}`;
  const nameOf = ({ shortName, fullName }: LivePlatformCustomer): string | null => (byShortName ? shortName : fullName);
  const [first, ...others] = customers.filter((customer) => nameOf(customer) === wanted);
  if (first === undefined) {
    const names = new Set(customers.flatMap((customer) => nameOf(customer) ?? []));
    const alike = nearest(wanted, [...names]).map((name) => quoted(name));
    const fix = alike.length > 0 ? `did you mean ${alike.join(" or ")}?` : "check the name and livePlatform:baseUrl.";
    return { problem: `there is no customer with ${what} on the Live Platform: ${fix}` };
  }
  if (others.length > 0) {
    const guids = [first, ...others].map(({ guid }) => (guid === null ? "one without a licence" : shown(guid)));
    return {
      problem: `${guids.length} customers have ${what}: give the customerGuid in its place (${guids.join(", ")}).`,
    };
  }
  if (first.guid === null || first.licenseType === null) {
    return {
      problem: `no licence has been applied to the customer with ${what} yet: create its service on the Live Platform first.`,
    };
  }
  return { customer: first, guid: first.guid.toLowerCase() };
}
