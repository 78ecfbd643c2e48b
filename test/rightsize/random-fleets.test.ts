import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import type { DeclaredFleet } from "../../fleet/kinds";
import { loadFleet } from "../../fleet/load-fleet";
import { rewrittenFleet } from "../../cli/rightsize/edits/rewritten-fleet";
import { sizesOf } from "../../cli/rightsize/size-fleet";
import { isChange } from "../../cli/rightsize/sizing";
import { useKey } from "../../cli/rightsize/use";

const NAMES = ["A", "Hunt Group", "Find-me/Follow-me", "Call: Pickup", "name", "0042", "unlimited"] as const;
const KINDS = ["groupServices", "userServices"] as const;
const STYLES = ["block", "flow", "list", "flow list"] as const;

type Services = Readonly<Record<string, number>>;
interface Inputs {
  readonly style: (typeof STYLES)[number];
  readonly services: Readonly<Record<(typeof KINDS)[number], Services | null>>;
}
interface Tenant extends Inputs {
  readonly profiles: readonly string[];
  readonly isFlow: boolean;
}

const quoted = (name: string): string => JSON.stringify(name);

/** The lines of some services below a key, indented. */
function servicesText(services: Services | null, style: Inputs["style"], indent: string): string {
  const entries = Object.entries(services ?? {});
  if (services === null) {
    return " # none";
  }
  if (entries.length === 0) {
    return style.endsWith("list") ? " []" : " {}";
  }
  switch (style) {
    case "block":
      return entries.map(([name, value]) => `\n${indent}${quoted(name)}:   ${value} # ${value}`).join("");
    case "flow":
      return ` { ${entries.map(([name, value]) => `${quoted(name)}: ${value}`).join(" , ")} } # flow`;
    case "list":
      return entries
        .map(([name, value]) => `\n${indent}- name: ${quoted(name)}\n${indent}  allocated: ${value} # ${value}`)
        .join("");
    case "flow list":
      return ` [${entries.map(([name, value]) => `{ name: ${quoted(name)}, allocated: ${value} }`).join(", ")},]`;
  }
}

function inputsText({ style, services }: Inputs, indent: string): string {
  return KINDS.map((kind) => `\n${indent}${kind}:${servicesText(services[kind], style, `${indent}  `)}`).join("");
}

function tenantText({ profiles, isFlow, ...inputs }: Tenant): string {
  if (!isFlow) {
    return `\n    # its own\n    profile: [${profiles.join(", ")}]${inputsText(inputs, "    ")}\n`;
  }
  const kinds = KINDS.flatMap((kind) => {
    const services = inputs.services[kind];
    return services === null ? [] : [`, ${kind}:${servicesText(services, "flow list", "")}`];
  });
  return ` { profile: [${profiles.join(", ")}]${kinds.join("")} } # flow\n`;
}

const services = fc.option(fc.dictionary(fc.constantFrom(...NAMES), fc.nat(3), { maxKeys: 3, noNullPrototype: true }), {
  nil: null,
});
const inputs = {
  style: fc.constantFrom(...STYLES),
  services: fc.record({ groupServices: services, userServices: services }),
};
const world = fc.record({
  defaults: fc.option(fc.record(inputs), { nil: undefined }),
  profiles: fc.record({ p: fc.record(inputs), q: fc.record(inputs) }),
  tenants: fc.array(fc.record({ ...inputs, profiles: fc.subarray(["p", "q"]), isFlow: fc.boolean() }), {
    minLength: 1,
    maxLength: 5,
  }),
  crlf: fc.boolean(),
});

describe("rewriting random fleet files", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-random-"));
  const file = path.join(folder, "licenses.yaml");
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const fleetOf = (text: string): DeclaredFleet | undefined => {
    writeFileSync(file, text);
    const loaded = loadFleet(file, file);
    return "fleet" in loaded ? loaded.fleet : undefined;
  };

  it("makes them declare exactly what is suggested, with every comment, and nothing is left to suggest", () => {
    let changed = 0;
    fc.assert(
      fc.property(
        world,
        fc.array(fc.nat(3), { minLength: 140, maxLength: 140 }),
        ({ defaults, profiles, tenants, crlf }, figures) => {
          const text = [
            ...(defaults === undefined ? [] : [`defaults:\n  tenant:${inputsText(defaults, "    ")}`]),
            "profiles:",
            ...Object.entries(profiles).map(([name, one]) => `  ${name}:${inputsText(one, "    ")}`),
            "tenants: # all",
            ...tenants.map((tenant, index) => `  t${index}:${tenantText(tenant)}`),
          ].join("\n");
          const before = crlf ? text.replaceAll("\n", "\r\n") : text;
          const fleet = fleetOf(before);
          // A tenant may be left without a service, which a fleet file does not allow.
          fc.pre(fleet !== undefined);
          const use = new Map(
            fleet.tenants.flatMap(({ inputs: { tenantId } }, tenant) =>
              KINDS.flatMap((kind, of) =>
                NAMES.map(
                  (name, index) =>
                    [
                      useKey(tenantId, kind, name),
                      { inUse: figures[(tenant * 2 + of) * NAMES.length + index] ?? 0, inPacks: 0 },
                    ] as const,
                ),
              ),
            ),
          );
          const options = { headroom: { percent: 0 }, includeUnlimited: false };
          const sizes = sizesOf(fleet, use, options);
          const result = rewrittenFleet(file, fleet, sizes);
          assert.ok("files" in result, `${JSON.stringify(result)}\n${before}`);
          const after = result.files[0]?.text ?? before;
          assert.equal(result.files.length > 0, sizes.some(isChange));
          changed += result.files.length;
          const comments = (one: string): string[] => one.match(/ # (?!\d).*/g) ?? [];
          assert.deepEqual(comments(after), comments(before));
          assert.equal(/[^\r]\n/.test(after), !crlf && after.includes("\n"));
          const again = fleetOf(after);
          assert.ok(again !== undefined && !sizesOf(again, use, options).some(isChange));
        },
      ),
      { numRuns: 150 },
    );
    assert.ok(changed > 50);
  });
});
