import { readTextFile } from "../../fleet/text-file";
import { tenantIdProblem } from "../inventory/tenant-id";
import { shownExactly } from "../../provider/text/shown";
import { UserError } from "./user-error";

/** Which tenants to look at. */
export interface TenantsOptions {
  readonly tenants?: string;
  readonly tenantsFile?: string;
}

/**
 * The ids of `--tenants a,b` and of `--tenants-file`, each once: one id a line there, and `#` at its start or after white space begins
 * a comment. `undefined` where neither is given, which means all tenants.
 * @throws {UserError} where the file cannot be read, or either names no tenant, or holds what is not a tenant's id.
 */
export function tenantIds({ tenants, tenantsFile }: TenantsOptions): readonly string[] | undefined {
  if (tenants === undefined && tenantsFile === undefined) {
    return undefined;
  }
  const listed = tenants === undefined ? [] : idsOf(tenants.split(","), "--tenants");
  const lines = tenantsFile === undefined ? [] : idsOf(readLines(tenantsFile), `--tenants-file ${tenantsFile}`);
  return [...new Set([...listed, ...lines])];
}

function idsOf(texts: readonly string[], where: string): string[] {
  const ids = texts.map((text) => text.trim()).filter((id) => id !== "");
  if (ids.length === 0) {
    throw new UserError(`${where} names no tenant: give at least one id, or leave the option out for all tenants.`);
  }
  for (const id of ids) {
    const problem = tenantIdProblem(id);
    if (problem !== undefined) {
      throw new UserError(`${where}: ${shownExactly(id, 100)} ${problem}.`);
    }
  }
  return ids;
}

function readLines(file: string): string[] {
  const read = readTextFile(file);
  if ("problem" in read) {
    throw new UserError(
      `--tenants-file ${file} ${read.problem}: give the path of a text file in UTF-8 with one tenant id a line.`,
    );
  }
  return read.text.split(/\r\n|\r|\n/).map((line) => line.replace(/(?:^|\s)#.*/, ""));
}
