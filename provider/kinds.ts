import { enumerated } from "./text/count";
import { customerFields } from "./customer/fields";
import { tenantFields } from "./tenant/fields";

/** The kinds of objects that hold licences, by their sections in a fleet file, in the order in which they are shown. */
export const SECTIONS = ["customers", "tenants"] as const;
export type Section = (typeof SECTIONS)[number];

/**
 * What fleet files, reports and messages need to know of each kind: what one object is called, the system that holds it, its resource,
 * the input that identifies it, and whether a fleet file may leave that to the resource's name. What a room does with one kind alone is in the room's files of that kind, joined by the room's table
 * over {@link Section}: a further kind does not compile until each has it.
 */
export const KINDS = {
  customers: {
    noun: "customer",
    system: "livePlatform",
    resource: "CustomerServiceLicense",
    id: "customerGuid",
    isIdTheName: false,
    fields: customerFields,
  },
  tenants: {
    noun: "tenant",
    system: "tenantGateway",
    resource: "TenantServiceLicenses",
    id: "tenantId",
    isIdTheName: true,
    fields: tenantFields,
  },
} as const;

/** What an object of a kind is called: `customer`. */
export type Noun = (typeof KINDS)[Section]["noun"];

/** `customers and tenants`. */
export const ALL_KINDS = enumerated(SECTIONS, "and");

/** `no customer and no tenant`. */
export const NO_OBJECT = enumerated(
  SECTIONS.map((section) => `no ${KINDS[section].noun}`),
  "and",
);
