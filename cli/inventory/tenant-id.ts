import { tenantFields } from "../../provider/tenant/fields";

/** What is wrong with a tenant's id, if anything: it becomes a part of a path, wherever it came from. */
export function tenantIdProblem(id: string): string | undefined {
  const parsed = tenantFields.tenantId.safeParse(id);
  return parsed.success ? undefined : (parsed.error.issues[0]?.message ?? "is not a tenant's id");
}
