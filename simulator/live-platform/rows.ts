import type { Settings } from "../settings";
import type { Customer, Lead } from "./seed";
import type { Task } from "./tasks";

const NAME_KEYS: ReadonlySet<string> = new Set(["CustomerShortName", "CustomerFullName", "ShortName", "FullName"]);

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** INVENTED, all but `asSent`: how a platform may return a name otherwise than it was sent. */
const NAME_FORMS: Readonly<Record<Settings["customerNames"], (name: string) => string>> = {
  asSent: (name) => name,
  trimmed: (name) => name.trim().replace(/\s+/g, " "),
  composed: (name) => name.normalize("NFC"),
  escaped: (name) => name.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character),
};

/** A customer's row in the form that the settings ask for. */
export function shownRow(
  row: Readonly<Record<string, unknown>>,
  { customerNames, customerKeys }: Settings,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      customerKeys === "camelCase" ? key.charAt(0).toLowerCase() + key.slice(1) : key,
      NAME_KEYS.has(key) && typeof value === "string" ? NAME_FORMS[customerNames](value) : value,
    ]),
  );
}

/** A row of the V3 list. */
export function customerRow(customer: Customer): Record<string, unknown> {
  return {
    UmpCustomerGuid: customer.guid,
    CustomerShortName: customer.shortName,
    CustomerFullName: customer.fullName,
    LicenseType: customer.licenseType,
    LicensedUsersCount: customer.licenseType === 0 ? null : customer.licensedUsersCount,
    MsTenantId: customer.msTenantId,
    ActiveUserCount: customer.activeUserCount,
    LiveHubActiveUsersCount: customer.liveHubActiveUsersCount,
    LiveHubSimpleUsersCount: customer.liveHubSimpleUsersCount,
  };
}

/** A lead's row of the V3 list. INVENTED: that its licence type and counts are null. */
export function leadRow(lead: Lead): Record<string, unknown> {
  return {
    UmpCustomerGuid: null,
    CustomerShortName: lead.shortName,
    CustomerFullName: lead.fullName,
    LicenseType: null,
    LicensedUsersCount: null,
    MsTenantId: lead.msTenantId,
    ActiveUserCount: null,
    LiveHubActiveUsersCount: null,
    LiveHubSimpleUsersCount: null,
  };
}

/** One customer as the V3 call answers: the fields of the list, and those that this customer has. */
export function customerDetails(customer: Customer): Record<string, unknown> {
  const { msDefaultDomain, applicationClientId, applicationClientSecret, clientSecretExpirationDate } = customer;
  return {
    ...customerRow(customer),
    ...(msDefaultDomain === null ? {} : { MsDefaultDomain: msDefaultDomain }),
    ...(applicationClientId === null ? {} : { ApplicationClientId: applicationClientId }),
    ...(applicationClientSecret === null ? {} : { ApplicationClientSecret: `~${applicationClientSecret.slice(-2)}` }),
    ...(clientSecretExpirationDate === null ? {} : { ClientSecretExpirationDate: clientSecretExpirationDate }),
  };
}

/** A row of the V2 list. INVENTED: that `Id` is the GUID, and null for a lead. */
export function briefRow(customer: Customer): Record<string, unknown> {
  return {
    Id: customer.guid,
    ShortName: customer.shortName,
    FullName: customer.fullName,
    LicenseType: customer.licenseType,
  };
}

/** A lead's row of the V2 list. */
export function leadBriefRow(lead: Lead): Record<string, unknown> {
  return { Id: null, ShortName: lead.shortName, FullName: lead.fullName, LicenseType: null };
}

const FAILED_DETAILS = ["The license upgrade failed."];
const FAILED_MESSAGES = [{ level: "Error", message: "Operator Connect did not accept the upgrade." }];

/** A task as the task call answers; times as the page prints them, which are empty even after success. */
export function taskRow(task: Task, settings: Settings): Record<string, unknown> {
  const words = {
    running: settings.statusInProgress,
    success: settings.statusSuccess,
    failed: settings.statusFailed,
  };
  const failed = task.status === "failed";
  // INVENTED: the words of a failed task where the seed gives none, and that a running one has no messages yet.
  const details = task.details.length > 0 ? task.details : FAILED_DETAILS;
  const messages = task.messages.length > 0 ? task.messages : FAILED_MESSAGES;
  return {
    id: task.id,
    status: words[task.status],
    details: failed ? details : [null],
    executionMessages: failed ? messages : [],
    outputData: {},
    createTime: "0001-01-01T00:00:00",
    completeTime: null,
    cancellationRequested: null,
  };
}
