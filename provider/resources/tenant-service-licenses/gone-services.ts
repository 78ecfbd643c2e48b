import { shownMistake, shownPath } from "../../run/mistake";
import type { Run } from "../../run/license-resource";
import { eachService, pathOf, type ServiceAllocations, type ServiceRef } from "./allocation";
import { claimOf } from "./claim";
import { refuseUnknownOwner, type UnknownOwner } from "./plan";
import type { TenantState } from "./state";

/** Services that are no longer managed here, by who else declares them. */
export interface GoneServices {
  readonly undeclared: readonly ServiceRef[];
  /** Declared by another resource of the program, whose name comes last. */
  readonly elsewhere: readonly (readonly [...ServiceRef, by: string])[];
  /** Why it is not known whether one is declared elsewhere, by path. */
  readonly unknown: ReadonlyMap<string, UnknownOwner>;
}

/** Services that another resource of this program declares are left to that one. */
export async function partitionByOwner(tenantId: string, gone: readonly ServiceRef[], run: Run): Promise<GoneServices> {
  const verdicts =
    gone.length === 0 ? [] : await run.whoDeclares(gone.map(([kind, name]) => claimOf(tenantId, kind, name)));
  const judged = gone.map(([kind, name], index) => ({ kind, name, verdict: verdicts[index] ?? { kind: "nobody" } }));
  return {
    undeclared: judged.flatMap(({ kind, name, verdict }) => (verdict.kind === "nobody" ? [[kind, name] as const] : [])),
    elsewhere: judged.flatMap(({ kind, name, verdict }) =>
      verdict.kind === "declared" ? [[kind, name, verdict.by] as const] : [],
    ),
    unknown: new Map(
      judged.flatMap(({ kind, name, verdict }) =>
        verdict.kind === "unknown" ? [[pathOf(kind, name), { kind, name, why: verdict.why }] as const] : [],
      ),
    ),
  };
}

export function elsewhereLines({ elsewhere }: GoneServices): string[] {
  return elsewhere.length === 0
    ? []
    : [
        `left as they are, because this program declares them in another resource: ${elsewhere.map(([kind, name, by]) => `${shownPath([kind, name])} (${by})`).join(", ")}`,
      ];
}

export function unknownLines({ unknown }: GoneServices): string[] {
  return [...unknown.values()].map((one) => shownMistake(refuseUnknownOwner(one)));
}

/** Services that state manages and the program does not declare any more. */
export function goneServices(state: TenantState, declared: ServiceAllocations): ServiceRef[] {
  return [...eachService(state.services)].flatMap(([kind, name]) =>
    declared[kind].has(name) ? [] : [[kind, name] as const],
  );
}
