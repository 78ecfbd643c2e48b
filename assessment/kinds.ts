import type { DeclaredObjects } from "../fleet/kinds";
import type { Section } from "../provider/resources/kinds";
import { assessCustomers } from "./assess-customers";
import { assessTenants } from "./assess-tenants";
import type { Assessment } from "./assessment";
import type { Looking } from "./looking";

/** Assesses the declared objects of a kind, and finds those that nothing declares. */
type Assess<S extends Section> = (declared: readonly DeclaredObjects[S][], looking: Looking) => Promise<Assessment>;

export const ASSESS: { readonly [S in Section]: Assess<S> } = { customers: assessCustomers, tenants: assessTenants };
