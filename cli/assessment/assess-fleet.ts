import type { DeclaredFleet, DeclaredObjects } from "../../fleet/kinds";
import { type Section, SECTIONS } from "../../provider/kinds";
import { assessCustomers } from "./assess-customers";
import { assessTenants } from "./assess-tenants";
import { type Assessment, joined } from "./assessment";
import type { Looking } from "./looking";

/** What to look at, and how. */
export interface AssessmentOptions extends Looking {
  readonly fleet: DeclaredFleet;
}

/** Assesses the declared objects of a kind, and finds those that nothing declares. */
type Assess<S extends Section> = (declared: readonly DeclaredObjects[S][], looking: Looking) => Promise<Assessment>;

const ASSESS: { readonly [S in Section]: Assess<S> } = { customers: assessCustomers, tenants: assessTenants };

/** Looks at each declared object and reports where it is not as declared; reads only. */
export async function assessFleet({ fleet, ...looking }: AssessmentOptions): Promise<Assessment> {
  looking.expect(SECTIONS.reduce((sum, section) => sum + fleet[section].length, 0));
  const assess = <S extends Section>(section: S, declared: readonly DeclaredObjects[S][]): Promise<Assessment> =>
    ASSESS[section](declared, looking);
  return joined(await Promise.all(SECTIONS.map((section) => assess(section, fleet[section]))));
}
