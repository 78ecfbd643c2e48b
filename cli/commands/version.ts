import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The version in the nearest package.json above this file, which is the package's in the sources and when compiled. */
export function packageVersion(): string {
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const file = path.join(folder, "package.json");
    if (existsSync(file)) {
      const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
      if (typeof manifest === "object" && manifest !== null && "version" in manifest) {
        return String(manifest.version);
      }
    }
  }
  return "unknown";
}
