import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Writes a file whole or not at all. */
export function writeWhole(file: string, text: string): void {
  const beside = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}`);
  writeFileSync(beside, text);
  renameSync(beside, file);
}
