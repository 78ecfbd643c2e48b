import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Makes files for the tests of the `describe` in which it is called; they are gone after its last test. */
export function temporaryFiles(): (name: string, content: string | Buffer) => string {
  let folder: string | undefined;
  after(() => {
    if (folder !== undefined) {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return (name, content) => {
    folder ??= mkdtempSync(path.join(tmpdir(), "voice-licenses-test-"));
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };
}
