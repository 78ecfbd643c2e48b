import type { Run } from "../../run/license-resource";
import { shown } from "../../text/shown";
import { customerFields } from "./fields";
import { describeLicenseType, LicenseType, type ObservedLicenseType } from "./license-type";
import type { Observation } from "./observe";
import type { CustomerState } from "./state";

/**
 * What an import takes over of the customer with this id: the licence, the count, and the id of the App Registration. Its secret is
 * masked, so that the program has to give it.
 * @returns `undefined` where there is no such customer.
 * @throws where the customer holds nothing that a program can declare.
 */
export async function importCustomer(
  id: string,
  observe: (guid: string) => Promise<Observation>,
  run: Run,
): Promise<CustomerState | undefined> {
  const guid = customerFields.customerGuid.safeParse(id);
  if (!guid.success) {
    throw new Error(
      `The id of a CustomerServiceLicense is the customer's GUID: it ${guid.error.issues[0]?.message ?? ""}.`,
    );
  }
  const observation = await observe(guid.data);
  if (!observation.found) {
    if (observation.why === "missing") {
      return undefined;
    }
    throw new Error(`No licence has been applied to customer ${guid.data} yet: there is nothing to import.`);
  }
  const { licenseType, licensedUsersCount, applicationClientId, clientSecretExpiresAt, ...names } =
    observation.customer;
  if (!isDeclarable(licenseType)) {
    throw new Error(
      `Customer ${guid.data} holds ${describeLicenseType(licenseType)}, which no program can declare: ` +
        "declare the licence that it is to hold, without an import.",
    );
  }
  if (typeof applicationClientId === "string") {
    run.tell(
      `add applicationClientSecret, the secret of App Registration ${shown(applicationClientId)}: the platform masks it, so it was not imported.`,
    );
  }
  return {
    customerGuid: guid.data,
    licenseType,
    licensedUsersCount: licensedUsersCount ?? undefined,
    applicationClientId: applicationClientId ?? undefined,
    customerFullName: names.fullName ?? undefined,
    customerShortName: names.shortName ?? undefined,
    clientSecretExpiresAt,
  };
}

function isDeclarable(type: ObservedLicenseType): type is LicenseType {
  return Object.values(LicenseType).some((declarable) => declarable === type);
}
