import { type CustomerEntry, holdingsOf, titleOf } from "../inventory/customers";
import { claimOf } from "../../provider/customer/claim";
import { checkCustomer, customerFields } from "../../provider/customer/fields";
import { LicenseType } from "../../provider/customer/license-type";
import { claimText } from "../../provider/resource/claim";
import { shownMistake } from "../../provider/resource/mistake";
import { shown } from "../../provider/text/shown";
import { asComment } from "./comments";
import type {
  ExportChoice,
  ExportedKind,
  ExportedObject,
  ExportedValue,
  LeftOut,
  Undeclarable,
} from "./exported-object";
import { resourceNames, secretKey } from "./names";

/** Customers as they are to be declared, under names that do not depend on what is chosen. */
export function exportCustomers(customers: readonly CustomerEntry[], choice: ExportChoice): ExportedKind {
  const names = resourceNames(
    customers.map(({ guid, customer: { shortName, fullName } }) => ({ guid, shortName, fullName })),
  );
  const exported = customers
    .filter(
      ({ guid, customer: { shortName, fullName } }) =>
        choice.isWanted([guid, names.get(guid) ?? "", shortName ?? "", fullName ?? ""]) &&
        !choice.isClaimed(claimText(claimOf(guid))),
    )
    .map((entry) => exportCustomer(entry, names.get(entry.guid) ?? entry.guid));
  return {
    objects: exported.flatMap(({ customer }) => customer ?? []),
    undeclarable: exported.flatMap(({ undeclarable }) => undeclarable ?? []),
    leftOut: exported.flatMap(({ leftOut }) => leftOut ?? []),
    notes: [],
  };
}

interface CustomerExport {
  readonly customer?: ExportedObject;
  readonly undeclarable?: Undeclarable;
  readonly leftOut?: LeftOut;
}

function exportCustomer(entry: CustomerEntry, name: string): CustomerExport {
  const { guid, customer } = entry;
  const { licensedUsersCount, applicationClientId } = customer;
  const title = titleOf(entry);
  const licenseType = Object.values(LicenseType).find((type) => type === customer.licenseType);
  if (licenseType === undefined || licensedUsersCount === null || licensedUsersCount < 1) {
    return { undeclarable: { id: guid, title, holds: holdingsOf(customer) } };
  }
  const [mistake] = checkCustomer({ customerGuid: guid, licenseType, licensedUsersCount }).mistakes;
  if (mistake !== undefined) {
    const why = shownMistake(mistake);
    return {
      undeclarable: { id: guid, title, holds: `${holdingsOf(customer)}; ${why}` },
      leftOut: { what: `customer ${title}`, why },
    };
  }
  const declared = (registration: ExportedObject["inputs"]): ExportedObject => ({
    name,
    comments: title === name ? [] : [asComment(title)],
    inputs: [
      ["customerGuid", guid],
      ["licenseType", licenseType],
      ["licensedUsersCount", licensedUsersCount],
      ...registration,
    ],
  });
  if (applicationClientId === undefined || applicationClientId === null || applicationClientId === "") {
    return { customer: declared([]) };
  }
  const clientId = customerFields.applicationClientId.safeParse(applicationClientId);
  if (clientId.success) {
    const secret: ExportedValue = { secretKey: secretKey(name) };
    return {
      customer: declared([
        ["applicationClientId", applicationClientId],
        ["applicationClientSecret", secret],
      ]),
    };
  }
  const why = `"${shown(applicationClientId, 100)}" ${clientId.error.issues[0]?.message ?? "is wrong"}`;
  return { customer: declared([]), leftOut: { what: `customer ${name}, applicationClientId`, why } };
}
