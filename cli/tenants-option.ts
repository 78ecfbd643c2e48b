import { messageOf } from "../provider/errors";
import { readFileSync } from "node:fs";
import { errorCode, UserError } from "./user-error";

/** Which tenants to look at; the gateway has no list of its own. */
export interface TenantsOptions {
  readonly tenants?: string;
  readonly tenantsFile?: string;
}

/**
 * The ids of `--tenants a,b` and of `--tenants-file`, each once: one id a line there, `#` begins a comment.
 * @throws {UserError} where the file cannot be read.
 */
export function tenantIds({ tenants = "", tenantsFile }: TenantsOptions): string[] {
  const listed = tenants.split(",");
  const lines = tenantsFile === undefined ? [] : readLines(tenantsFile);
  const ids = [...listed, ...lines].map((id) => id.trim()).filter((id) => id !== "" && !id.startsWith("#"));
  return [...new Set(ids)];
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8")
      .replace(/^\ufeff/, "")
      .split(/\r?\n/);
  } catch (error) {
    throw new UserError(
      `--tenants-file ${file} ${problemOf(error)}: give the path of a file with one tenant id a line.`,
    );
  }
}

function problemOf(error: unknown): string {
  switch (errorCode(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return "does not exist";
    case "EISDIR":
      return "is a folder";
    default:
      return `cannot be read (${messageOf(error)})`;
  }
}
