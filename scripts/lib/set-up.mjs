// @ts-check
import { createHash } from "node:crypto";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { buildDist, distIsCurrent } from "./build.mjs";
import { dependenciesAreCurrent, installDependencies } from "./dependencies.mjs";
import { exclusively } from "./exclusive.mjs";
import { requireNode } from "./node-version.mjs";
import { say } from "./progress.mjs";
import { ensurePulumi } from "./pulumi-cli.mjs";
import { root } from "./root.mjs";

/** In the temporary folder, because `npm ci` empties node_modules, and a lock elsewhere in the tree would show in git. */
const lock = path.join(
  tmpdir(),
  `pulumi-voice-licenses-${userInfo().uid}-${createHash("sha256").update(root).digest("hex").slice(0, 12)}.lock`,
);

/**
 * Makes a fresh clone ready: dependencies, `dist/` and a Pulumi CLI, each only where it is missing or older than what it
 * is made from. With nothing to do it takes well under a second; each step may be killed and is then simply done again.
 * @overload
 * @param {{ pulumi?: true, build?: boolean }} [wanted] both by default
 * @returns {Promise<import("./pulumi-cli.mjs").PulumiCli>}
 */
/**
 * @overload
 * @param {{ pulumi: false, build?: boolean }} wanted
 * @returns {Promise<undefined>}
 */
/** @param {{ pulumi?: boolean, build?: boolean }} [wanted] */
export async function setUp({ pulumi = true, build = true } = {}) {
  requireNode();
  const isReady = () => dependenciesAreCurrent() && (!build || distIsCurrent());
  if (!isReady()) {
    const onWait = (/** @type {string} */ holder) => {
      say(`Another set-up of this folder is running (${holder}): waiting for it.`);
    };
    await exclusively(
      lock,
      async () => {
        if (!dependenciesAreCurrent()) {
          await installDependencies();
        }
        if (build && !distIsCurrent()) {
          await buildDist();
        }
      },
      { onWait },
    );
  }
  return pulumi ? await ensurePulumi() : undefined;
}
