// @ts-check
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository, absolute. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Where the scripts keep what they can make again (stamps, the compiler's memory); `npm ci` wipes it. */
export const cacheFolder = path.join(root, "node_modules", ".cache", "pulumi-voice-licenses");
