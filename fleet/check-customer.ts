import { holdsUnknown, UNKNOWN_VALUE } from "../provider/resource/unknowns";
import type { Properties } from "../provider/resource/properties";
import { checkCustomer, customerFields, type CustomerInputs, readCustomerInputs } from "../provider/customer/fields";
import { claimOf } from "../provider/customer/claim";
import { claimText } from "../provider/resource/claim";
import { coreFields, type Declaration, type Fields, locateMistake, type ReadField, readInputs } from "./check-inputs";
import type { CheckedDeclaration, Claim } from "./claims";
import { below } from "./mistake";
import { inputNames } from "./keys";
import { type LookUpSecret, readSecretReference } from "./secret-reference";
import type { Mapping, Tree } from "./tree";
import { readUuid } from "./uuid-field";

/** A customer of a fleet file, checked. */
export interface DeclaredCustomer {
  /** The resource's name. */
  readonly name: string;
  /** Its inputs in their normal form; the secret is not in the file. */
  readonly inputs: Omit<CustomerInputs, "applicationClientSecret">;
  /** Where `applicationClientSecret` is: the key in the stack's configuration, without its namespace `voice-licenses`. */
  readonly secretKey?: string | undefined;
}

const SECRET = "applicationClientSecret";

/** Checks one customer in itself. */
export function checkDeclaredCustomer(
  declaration: Declaration,
  lookUpSecret: LookUpSecret | undefined,
): CheckedDeclaration<DeclaredCustomer> {
  let secretKey: string | undefined;
  const readSecret = (tree: Tree): ReadField => {
    const reference = readSecretReference(tree, declaration.name, lookUpSecret);
    if ("problem" in reference) {
      return reference;
    }
    secretKey = reference.key;
    return { value: UNKNOWN_VALUE };
  };
  const fields: Fields = {
    noun: "a customer",
    names: inputNames("customers"),
    core: coreFields(customerFields),
    custom: { customerGuid: readUuid, applicationClientId: readUuid, [SECRET]: readSecret },
  };

  const { entries, raw, mistakes } = readInputs(fields, declaration);
  const { inputs, mistakes: found } = checkCustomer(raw);
  const all = [...mistakes, ...found.map((mistake) => locateMistake(mistake, declaration, entries))];
  const known = Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== SECRET));
  const read = all.length > 0 || holdsUnknown(known) ? undefined : readCustomerInputs(known);
  return {
    declared: read && { name: declaration.name, inputs: read, secretKey },
    claims: claimsOf(inputs, declaration, entries),
    mistakes: all,
  };
}

function claimsOf({ customerGuid }: Properties, { path }: Declaration, entries: Mapping["entries"]): Claim[] {
  const entry = entries.get("customerGuid");
  return typeof customerGuid !== "string" || customerGuid === UNKNOWN_VALUE || entry === undefined
    ? []
    : [{ to: claimText(claimOf(customerGuid)), at: entry.at, path: below(path, "customerGuid") }];
}
