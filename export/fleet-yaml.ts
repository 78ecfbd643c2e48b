import { Document, Scalar, YAMLMap } from "yaml";
import { eachService } from "../provider/resources/tenant-service-licenses/allocation";
import type { ExportedCustomer, ExportedFleet, ExportedTenant, Undeclarable } from "./exported-fleet";
import { asComment, configurationLines } from "./next-steps";

/** The fleet as the text of a `licenses.yaml`. No date is in it: the same systems give the same text. */
export function fleetYaml(fleet: ExportedFleet): string {
  const steps = configurationLines(fleet);
  const header = [
    " yaml-language-server: $schema=node_modules/pulumi-voice-licenses/dist/fleet/licenses.schema.json",
    " Written by `voice-licenses export`: what the systems hold.",
    ...(steps.length === 0
      ? []
      : [
          " The platform masks the secrets of App Registrations. Before the first `pulumi up`:",
          ...steps.map((step) => `   ${step}`),
        ]),
  ];
  const document = new Document(new YAMLMap());
  document.commentBefore = header.join("\n");
  const root = new YAMLMap();
  document.contents = root;
  if (fleet.customers.length > 0) {
    root.set("customers", mapOf(fleet.customers.map((customer) => [customer.name, customerNode(customer)])));
  }
  if (fleet.tenants.length > 0) {
    root.set("tenants", mapOf(fleet.tenants.map((tenant) => [tenant.tenantId, tenantNode(tenant)])));
  }
  if (fleet.undeclarable.length > 0) {
    document.comment = undeclarableComment(fleet.undeclarable);
  }
  // An empty map would be written as {}, and no map as null.
  const text =
    root.items.length === 0 ? `${header.map((line) => `#${line}`).join("\n")}\n` : document.toString({ lineWidth: 0 });
  const rest = root.items.length === 0 && document.comment ? `${document.comment.replaceAll(/^/gm, "#")}\n` : "";
  return text + rest;
}

function customerNode(customer: ExportedCustomer): YAMLMap {
  const { title, name, guid, licenseType, licensedUsersCount, registration } = customer;
  const node = mapOf([
    ["customerGuid", guid],
    ["licenseType", licenseType],
    ["licensedUsersCount", licensedUsersCount],
    ...(registration === undefined
      ? []
      : ([
          ["applicationClientId", registration.clientId],
          ["applicationClientSecret", flow([["config", registration.secretKey]])],
        ] as const)),
  ]);
  if (title !== name) {
    const [first] = node.items;
    const key = new Scalar("customerGuid");
    key.commentBefore = ` ${asComment(title)}`;
    if (first !== undefined) {
      first.key = key;
    }
  }
  return node;
}

function tenantNode({ services }: ExportedTenant): YAMLMap {
  const kinds = (["groupServices", "userServices"] as const).filter((kind) => services[kind].size > 0);
  const sorted = [...eachService(services)];
  return mapOf(
    kinds.map((kind) => [
      kind,
      mapOf(sorted.flatMap(([of, name, allocation]) => (of === kind ? [[name, allocation] as const] : []))),
    ]),
  );
}

function undeclarableComment(undeclarable: readonly Undeclarable[]): string {
  return [
    " Not declared, because there is no way to declare it:",
    ...undeclarable.map(({ guid, title, holds }) => `   ${asComment(title)} (${guid}): ${holds}`),
  ].join("\n");
}

function mapOf(entries: readonly (readonly [string, unknown])[]): YAMLMap {
  const map = new YAMLMap();
  for (const [key, value] of entries) {
    map.set(keyOf(key), value);
  }
  return map;
}

/** A name as it is; in quotes where another reader of YAML, or an older YAML, would take it for something else. */
function keyOf(name: string): Scalar {
  const key = new Scalar(name);
  if (!/^[A-Za-z][\w ./()-]*$/.test(name) || /^(?:y|yes|n|no|on|off|true|false|null)$/i.test(name)) {
    key.type = Scalar.QUOTE_DOUBLE;
  }
  return key;
}

function flow(entries: readonly (readonly [string, unknown])[]): YAMLMap {
  const map = mapOf(entries);
  map.flow = true;
  return map;
}
