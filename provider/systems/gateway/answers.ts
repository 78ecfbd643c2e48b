import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { isPlainObject } from "../../text/plain-object";
import { anyCase, fold } from "../transport/any-case";
import { SERVICE_KINDS, type ServiceKind } from "./service-kinds";
import { errorIn } from "../transport/error-in-body";
import { formProblem } from "../transport/answer-body";

/** An allocation as the gateway writes it; `maximum` is there where `unlimited` is false, and 0 means not licensed. */
export type GatewayAllocation = { readonly unlimited: true } | { readonly unlimited: false; readonly maximum: number };

/** What a service and a service pack have in common. */
interface GatewayRow {
  readonly name: string;
  readonly allocated: GatewayAllocation;
  /** Licences that the tenant has handed on to its groups; absent on services that are not licensed. */
  readonly currentlyAllocated: number | undefined;
}

/** A service as the gateway lists it. */
interface GatewayService extends GatewayRow {
  /** Licences that service packs hand out; the page shows it on user services alone. */
  readonly packsAllocated: number | undefined;
}

/** A service pack of a tenant: read only. */
export interface GatewayServicePack extends GatewayRow {
  readonly maximumAllowed: GatewayAllocation | undefined;
}

/** A row that cannot be read: an error for who declares this service, and for nobody else. */
export interface OddService {
  readonly kind: ServiceKind;
  /** Empty where the row has no name. */
  readonly name: string;
  /** What is wrong with it: `allocated.maximum: expected 0 or more`. */
  readonly problem: string;
}

/** All services of a tenant, by kind. */
export interface GatewayLicenses extends Readonly<Record<ServiceKind, readonly GatewayService[]>> {
  readonly odd: readonly OddService[];
  /** Why a service that is missing may be licensed all the same, with the answer in which it is; absent where it is not. */
  readonly gap?: string;
  readonly servicePacks: readonly GatewayServicePack[];
}

/** What a PUT sets: just the services that are to change. */
export type GatewayChange = Readonly<
  Partial<Record<ServiceKind, readonly { readonly name: string; readonly allocated: GatewayAllocation }[]>>
>;

/** What the gateway says that it did with one service. Whether it did, reading back tells. */
export interface GatewayResult {
  readonly kind: ServiceKind;
  /** As it was sent, also where the gateway writes it in another case. */
  readonly name: string;
  readonly status: string;
  /** What else the gateway says of it; absent where it says nothing. */
  readonly said?: string;
}

/** A tenant as the gateway lists it. */
export interface GatewayTenant {
  readonly tenantId: string;
  readonly name: string | null;
  /** `ServiceProvider` or `Enterprise`. */
  readonly type: string | null;
  readonly resellerId: string | null;
}

/** How many licences of one name the whole platform has. */
export interface StockItem {
  readonly name: string;
  readonly licensed: number | "unlimited" | undefined;
  readonly used: number | "unlimited" | undefined;
  readonly available: number | "unlimited" | undefined;
}

/** The platform's own licences; its names are bundles or services, and not those of the tenants' services. */
export interface GatewayStock {
  readonly licenseStrictness: string | undefined;
  /** In the gateway's own form: `2020-10-31 23:59:59 +0100`. */
  readonly expirationDate: string | undefined;
  readonly subscriberLicenses: readonly StockItem[];
  readonly groupServiceLicenses: readonly StockItem[];
  readonly virtualServiceLicenses: readonly StockItem[];
  readonly userServiceLicenses: readonly StockItem[];
}

const amount = z.number().int().min(0);

/** `unlimited` first: beside it a stale `maximum` may stand. */
const allocation = z.union([
  anyCase({ unlimited: z.literal(true) }).transform(() => ({ unlimited: true as const })),
  anyCase({ unlimited: z.literal(false), maximum: amount }),
]);

const rowFields = { name: z.string().min(1), allocated: allocation, currentlyAllocated: amount.nullish() };
const serviceRow = anyCase({ ...rowFields, packsAllocated: amount.nullish() });
const packRow = anyCase({ ...rowFields, maximumAllowed: allocation.nullish() });

const rows = z.array(z.unknown()).nullish();

/** The answer to a read of a tenant's licences, its rows not yet read. */
export const licensesAnswer = anyCase({ groupServices: rows, userServices: rows, servicePacks: rows })
  // An object with neither kind is no list of services, whatever else it is.
  .refine(
    ({ groupServices, userServices }) => groupServices !== undefined || userServices !== undefined,
    "it lists no services",
  );

/** The services of a tenant, those that cannot be read apart from the others. */
export function readLicenses(answer: z.infer<typeof licensesAnswer>): GatewayLicenses {
  const odd: OddService[] = [];
  const services = (kind: ServiceKind): GatewayService[] =>
    (answer[kind] ?? []).flatMap((row) => {
      const parsed = serviceRow.safeParse(row);
      if (!parsed.success) {
        odd.push({ kind, name: nameOf(row), problem: formProblem(parsed.error) });
        return [];
      }
      return [{ ...toRow(parsed.data), packsAllocated: parsed.data.packsAllocated ?? undefined }];
    });
  const once = (kind: ServiceKind): GatewayService[] => {
    const listed = new Map<string, GatewayService>();
    const contradicted = new Set<string>();
    for (const service of services(kind)) {
      const before = listed.get(service.name);
      if (before !== undefined && !isDeepStrictEqual(before, service)) {
        contradicted.add(service.name);
      }
      listed.set(service.name, service);
    }
    odd.push(
      ...[...contradicted].map((name) => ({ kind, name, problem: "listed more than once, with different values" })),
    );
    return [...listed.values()].filter(({ name }) => !contradicted.has(name));
  };
  const [groupServices, userServices] = [once("groupServices"), once("userServices")];
  const servicePacks = (answer.servicePacks ?? []).flatMap((row) => {
    const parsed = packRow.safeParse(row);
    return parsed.success ? [{ ...toRow(parsed.data), maximumAllowed: parsed.data.maximumAllowed ?? undefined }] : [];
  });
  return { groupServices, userServices, odd, servicePacks };
}

function toRow({ name, allocated, currentlyAllocated }: z.infer<z.ZodObject<typeof rowFields>>): GatewayRow {
  return { name, allocated, currentlyAllocated: currentlyAllocated ?? undefined };
}

/** The name that a row has, whatever else is wrong with it; empty where there is none. */
function nameOf(row: unknown): string {
  const name = isPlainObject(row) ? fold(row).get("name") : undefined;
  return typeof name === "string" ? name : "";
}

const resultRow = anyCase({ name: z.string(), status: z.unknown().optional() });
const results = z.array(z.unknown()).nullish();
const putAnswer = anyCase({ groupServices: results, userServices: results });

/**
 * What an answer to a PUT says of each service, with the names that were sent; `undefined` where it is not lists of results.
 * A gateway may also say so with 207 and 400.
 */
export function readResults(json: unknown, sent: GatewayChange): GatewayResult[] | undefined {
  const parsed = putAnswer.safeParse(json);
  if (!parsed.success) {
    return undefined;
  }
  const all = SERVICE_KINDS.flatMap((kind) => {
    const names = (sent[kind] ?? []).map(({ name }) => name);
    return (parsed.data[kind] ?? []).map((row) => readResult(kind, row, names));
  });
  return all.every((result) => result !== undefined) ? all : undefined;
}

function readResult(kind: ServiceKind, row: unknown, names: readonly string[]): GatewayResult | undefined {
  const parsed = resultRow.safeParse(row);
  if (!parsed.success) {
    return undefined;
  }
  const { name, status } = parsed.data;
  const sentAs = names.includes(name) ? name : names.find((one) => sameName(one, name));
  const details = isPlainObject(row)
    ? Object.fromEntries(
        Object.entries(row).filter(([key]) => !["name", "status", "allocated"].includes(key.toLowerCase())),
      )
    : {};
  const said = errorIn({ text: "", json: details });
  return {
    kind,
    name: sentAs ?? name,
    status: typeof status === "string" ? status : JSON.stringify(status ?? null),
    ...(said === "" ? {} : { said }),
  };
}

function sameName(a: string, b: string): boolean {
  const plain = (name: string): string => name.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
  return plain(a) === plain(b);
}

const textOrNone = z.string().nullish().catch(undefined);

/** The list of tenants, its rows not yet read. */
export const tenantsAnswer = anyCase({ tenants: z.array(z.unknown()) });

/** One tenant of the list; without an id it is none. */
export const tenantRow = anyCase({
  tenantId: z.string().min(1),
  name: textOrNone,
  type: textOrNone,
  resellerId: textOrNone,
}).transform(({ tenantId, name, type, resellerId }): GatewayTenant => ({
  tenantId,
  name: name ?? null,
  type: type ?? null,
  resellerId: resellerId ?? null,
}));

const quantity = z
  .union([
    z.number().int().min(0),
    z
      .string()
      .trim()
      .regex(/^\d{1,15}$/)
      .transform(Number),
    z
      .string()
      .trim()
      .regex(/^unlimited$/i)
      .transform(() => "unlimited" as const),
  ])
  .optional()
  .catch(undefined);

const stockRow = anyCase({ name: z.string().min(1), licensed: quantity, used: quantity, available: quantity });
const stockRows = z
  .array(z.unknown())
  .nullish()
  .transform((list): StockItem[] =>
    (list ?? []).flatMap((row) => {
      const parsed = stockRow.safeParse(row);
      return parsed.success ? [{ licensed: undefined, used: undefined, available: undefined, ...parsed.data }] : [];
    }),
  );

/** The answer to a read of the platform's stock. */
export const stockAnswer = anyCase({
  licenseStrictness: textOrNone,
  expirationDate: textOrNone,
  subscriberLicenses: stockRows,
  groupServiceLicenses: stockRows,
  virtualServiceLicenses: stockRows,
  userServiceLicenses: stockRows,
}).transform(({ licenseStrictness, expirationDate, ...lists }): GatewayStock => ({
  ...lists,
  licenseStrictness: licenseStrictness ?? undefined,
  expirationDate: expirationDate ?? undefined,
}));
