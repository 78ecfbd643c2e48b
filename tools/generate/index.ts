/**
 * `npm run generate`: writes what the tables of inputs, outputs and settings say in other forms. With `--check` it writes nothing, and
 * fails where a file is not what it would write.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as prettier from "prettier";
import { globSync } from "tinyglobby";
import { version } from "../../package.json";
import { RESOURCES } from "./described";
import { licensesJsonSchema } from "./fleet-schema";
import { packageSchema } from "./package-schema";
import { withTables } from "./page-tables";
import { providerArgs } from "./provider-args";
import { resourceClass } from "./resource-class";
import { membersOf } from "./source-docs";

const ROOT = path.join(__dirname, "..", "..");
const PROGRAM = "provider/hosts/program/generated";
const CUSTOMER = "provider/customer";

/** Every generated text, by its file. */
function generated(): ReadonlyMap<string, string> {
  const licenseTypes = membersOf(ROOT, `${CUSTOMER}/license-type.ts`, "LicenseType");
  const customer = membersOf(ROOT, `${CUSTOMER}/customer-lookup.ts`, "Customer");
  return new Map([
    ...RESOURCES.map((resource): [string, string] => [
      `${PROGRAM}/${kebabCase(resource.name)}.ts`,
      resourceClass(resource, licenseTypes),
    ]),
    [`${PROGRAM}/provider-args.ts`, providerArgs()],
    ["schema.json", JSON.stringify(packageSchema(version, { licenseTypes, customer }))],
    ["fleet/licenses.schema.json", JSON.stringify(licensesJsonSchema())],
    ...globSync(["README.md", "docs/**/*.md"], { cwd: ROOT })
      .sort()
      .map((page): [string, string] => [page, withTables(read(page), page)]),
  ]);
}

async function main(): Promise<void> {
  const outdated: string[] = [];
  for (const [file, text] of generated()) {
    const target = path.join(ROOT, file);
    const options = await prettier.resolveConfig(target);
    const formatted = await prettier.format(text, { ...options, filepath: target });
    if (formatted !== readIfThere(file)) {
      outdated.push(file);
      if (!process.argv.includes("--check")) {
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, formatted);
      }
    }
  }
  if (process.argv.includes("--check") && outdated.length > 0) {
    process.stderr.write(`Not what the tables say, run \`npm run generate\`:\n${outdated.join("\n")}\n`);
    process.exitCode = 1;
  } else {
    process.stdout.write(outdated.map((file) => `${file}\n`).join(""));
  }
}

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), "utf8");
}

function readIfThere(file: string): string | undefined {
  try {
    return read(file);
  } catch {
    return undefined;
  }
}

/** `CustomerServiceLicense` as `customer-service-license`. */
function kebabCase(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase();
}

void main();
