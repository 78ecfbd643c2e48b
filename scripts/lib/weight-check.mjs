// @ts-check
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./root.mjs";

/** How many packages ours may add to a bare `@pulumi/pulumi` in what users install. */
const MOST_PACKAGES = 38;

/**
 * @typedef {object} LockedPackage
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, { optional?: boolean }>} [peerDependenciesMeta]
 */

/** @typedef {Record<string, LockedPackage>} LockedPackages by their path, such as `node_modules/axios` */

/** Compares what this package adds to an installation with its bound. @returns {Promise<{ code: number, output: string }>} */
export function checkWeight() {
  /** @type {{ packages: LockedPackages }} */
  const { packages } = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"));
  const added = addedPackages(packages);
  const output = `${added.length} packages beside @pulumi/pulumi's own, at most ${MOST_PACKAGES}:\n${added.join("\n")}`;
  return Promise.resolve({ code: added.length > MOST_PACKAGES ? 1 : 0, output });
}

/**
 * The packages that users install because of ours, and not because of `@pulumi/pulumi`.
 * @param {LockedPackages} packages
 * @returns {string[]}
 */
export function addedPackages(packages) {
  const bare = closure(packages, ["@pulumi/pulumi"]);
  return [...closure(packages, Object.keys(packages[""]?.dependencies ?? {}))].filter((name) => !bare.has(name)).sort();
}

/** @param {LockedPackages} packages @param {readonly string[]} names @returns {Set<string>} */
function closure(packages, names) {
  /** @type {Set<string>} */
  const seen = new Set();
  /** @param {string} at @param {string} name */
  const visit = (at, name) => {
    const found = resolved(packages, at, name);
    if (found !== undefined && !seen.has(found)) {
      seen.add(found);
      const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = packages[found] ?? {};
      const peers = Object.keys(peerDependencies ?? {}).filter(
        (peer) => peerDependenciesMeta?.[peer]?.optional !== true,
      );
      for (const next of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) {
        visit(found, next);
      }
    }
  };
  for (const name of names) {
    visit("", name);
  }
  return seen;
}

/**
 * Where Node finds `name` from the package at `at`.
 * @param {LockedPackages} packages @param {string} at @param {string} name @returns {string | undefined}
 */
function resolved(packages, at, name) {
  for (let from = at; ; from = from.slice(0, Math.max(0, from.lastIndexOf("/node_modules/")))) {
    const candidate = `${from === "" ? "" : `${from}/`}node_modules/${name}`;
    if (packages[candidate] !== undefined) {
      return candidate;
    }
    if (from === "") {
      return undefined;
    }
  }
}
