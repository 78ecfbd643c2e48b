import * as z from "zod";
import { isPlainObject } from "../../text/plain-object";
import { anyCase } from "../transport/any-case";

/** A customer's service as the platform tells it. `undefined`: the platform did not say; `null`: it says that there is none. */
export interface LivePlatformCustomer {
  readonly guid: string | null;
  readonly shortName: string | null;
  readonly fullName: string | null;
  /** 0 to 5, see the licence types; `null` where no licence has been applied. */
  readonly licenseType: number | null;
  readonly licensedUsersCount: number | null;
  readonly activeUserCount: number | null;
  readonly applicationClientId: string | null | undefined;
  /** As the platform writes it, for example `2/18/2027 8:39:26 AM`; see `readDate`. */
  readonly clientSecretExpirationDate: string | null | undefined;
  /**
   * What cannot be read of this row of a list, in words; such fields are `null`. An error for who declares this customer. With a `null`
   * GUID it may be any customer, so that the list proves nobody's absence.
   */
  readonly problem?: string;
}

/** How many licences of one customer are in use. The platform computes it from time to time. */
export interface LicensesInUse {
  readonly currentlyLicensed: number | null;
  readonly acquired: number | null;
  /** When it was computed: `2023-11-06T16:05:06.0202209+00:00`. */
  readonly lastUpdate: string | undefined;
}

const textOrNone = z.string().nullish();
const countOrNone = z.number().int().min(0).nullish();

/** It becomes a part of a path: `..` would lead to another one. */
const guid = z.string().regex(/^[\w-]+$/);

const customerShape = {
  UmpCustomerGuid: guid.nullable(),
  CustomerShortName: textOrNone,
  CustomerFullName: textOrNone,
  LicenseType: z.number().int().nullable(),
  LicensedUsersCount: countOrNone,
  ActiveUserCount: countOrNone,
  ApplicationClientId: textOrNone,
  ClientSecretExpirationDate: textOrNone,
};

/** One customer, each field as documented. */
export const customerAnswer = anyCase(customerShape).transform(toCustomer);

type CustomerRow = z.infer<z.ZodObject<typeof customerShape>>;

/** A row of which nothing is sure. */
const oddCustomer = anyCase({
  UmpCustomerGuid: customerShape.UmpCustomerGuid.catch(null),
  CustomerShortName: textOrNone.catch(null),
  CustomerFullName: textOrNone.catch(null),
  LicenseType: customerShape.LicenseType.catch(null),
  LicensedUsersCount: countOrNone.catch(null),
  ActiveUserCount: countOrNone.catch(null),
  ApplicationClientId: textOrNone.catch(undefined),
  ClientSecretExpirationDate: textOrNone.catch(undefined),
}).transform(toCustomer);

/** The list of customers, its rows not yet read. */
export const customerList = z.array(z.unknown());

/** A row of the list: whole, or with a `problem` and `null` for what cannot be read, which may be the GUID. */
export function readCustomerRow(row: unknown): LivePlatformCustomer {
  const whole = customerAnswer.safeParse(row);
  if (whole.success) {
    return whole.data;
  }
  return { ...oddCustomer.parse(isPlainObject(row) ? row : {}), problem: problems(whole.error) };
}

function problems(error: z.ZodError): string {
  const fields = new Set(error.issues.map(({ path }) => (path.length === 0 ? "no object" : path.join("."))));
  return [...fields].join(", ");
}

function toCustomer(row: CustomerRow): LivePlatformCustomer {
  return {
    guid: row.UmpCustomerGuid,
    shortName: row.CustomerShortName ?? null,
    fullName: row.CustomerFullName ?? null,
    licenseType: row.LicenseType,
    licensedUsersCount: row.LicensedUsersCount ?? null,
    activeUserCount: row.ActiveUserCount ?? null,
    applicationClientId: row.ApplicationClientId === "" ? null : row.ApplicationClientId,
    clientSecretExpirationDate: row.ClientSecretExpirationDate,
  };
}

const licenseInfoRow = anyCase({
  umpCustomerGuid: textOrNone,
  currentlyLicensed: countOrNone,
  acquiredLicenses: countOrNone,
  lastUpdate: textOrNone,
});

/** The answer of `licenseinfo`: documented is an array with one object. */
export const licenseInfoAnswer = z.union([z.array(licenseInfoRow), licenseInfoRow.transform((row) => [row])]);

/** What `licenseinfo` says of one customer; `undefined` where it says nothing of it. */
export function readLicensesInUse(rows: z.infer<typeof licenseInfoAnswer>, guid: string): LicensesInUse | undefined {
  const row = rows.find(({ umpCustomerGuid }) => (umpCustomerGuid ?? guid).toLowerCase() === guid.toLowerCase());
  return row === undefined
    ? undefined
    : {
        currentlyLicensed: row.currentlyLicensed ?? null,
        acquired: row.acquiredLicenses ?? null,
        lastUpdate: row.lastUpdate ?? undefined,
      };
}

/** A task as it comes; its status is in the platform's own words, whatever they are. */
export const taskAnswer = anyCase({
  id: z.union([z.string(), z.number().transform(String)]).nullish(),
  status: z.union([z.string(), z.number(), z.null()]).transform((status) => String(status ?? "")),
  details: z.unknown().optional(),
  executionMessages: z.unknown().optional(),
});

const levelledMessage = anyCase({ level: z.string().nullish(), message: z.string() });

/** The texts in a list of messages, whatever form they have. */
export function texts(value: unknown): string[] {
  if (!Array.isArray(value)) {
    return typeof value === "string" && value !== "" ? [value] : [];
  }
  return value.flatMap((item: unknown) => {
    if (typeof item === "string") {
      return item === "" ? [] : [item];
    }
    const message = levelledMessage.safeParse(item);
    if (isPlainObject(item) && message.success) {
      const { level } = message.data;
      return [level === undefined || level === null ? message.data.message : `${level}: ${message.data.message}`];
    }
    return item === null || item === undefined ? [] : [JSON.stringify(item)];
  });
}
