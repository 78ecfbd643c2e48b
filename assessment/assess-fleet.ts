import type { DeclaredFleet, DeclaredObjects } from "../fleet/kinds";
import { type Section, SECTIONS } from "../provider/resources/kinds";
import { type Assessment, joined } from "./assessment";
import { ASSESS } from "./kinds";
import type { Looking } from "./looking";

/** What to look at, and how. */
export interface AssessmentOptions extends Omit<Looking, "expect" | "advance"> {
  readonly fleet: DeclaredFleet;
  /** Told after each object. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Looks at each declared object and reports where it is not as declared; reads only. */
export async function assessFleet({ fleet, onProgress, ...options }: AssessmentOptions): Promise<Assessment> {
  let total = SECTIONS.reduce((sum, section) => sum + fleet[section].length, 0);
  let done = 0;
  const looking: Looking = {
    ...options,
    expect: (count) => {
      total += count;
    },
    advance: () => {
      done += 1;
      onProgress(done, total);
    },
  };
  const assess = <S extends Section>(section: S, declared: readonly DeclaredObjects[S][]): Promise<Assessment> =>
    ASSESS[section](declared, looking);
  return joined(await Promise.all(SECTIONS.map((section) => assess(section, fleet[section]))));
}
