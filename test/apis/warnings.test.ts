import assert from "node:assert/strict";
import { createRedactor } from "../../provider/systems/transport/redact";
import { warnings } from "../../provider/systems/shared/warnings";

describe("warnings of the clients", () => {
  it("are given once each, as one safe line without secrets", () => {
    const lines: string[] = [];
    const redactor = createRedactor();
    redactor.add("hush-hush");
    const warn = warnings((line) => lines.push(line), redactor);
    warn("a\nb \u001b[31m hush-hush");
    warn("a\nb \u001b[31m hush-hush");
    warn("x".repeat(5000));
    assert.equal(lines.length, 2);
    assert.ok(!/[\n\u001b]|hush/.test(lines[0] ?? ""), lines[0]);
    assert.ok((lines[1] ?? "").length < 1100);
  });

  it("end after twenty, with a line that says so", () => {
    const lines: string[] = [];
    const warn = warnings((line) => lines.push(line), createRedactor());
    for (let number = 0; number < 50; number += 1) {
      warn(`warning ${number}`);
    }
    assert.equal(lines.length, 21);
    assert.deepEqual(lines.slice(19), [
      "warning 19",
      "Further warnings about what the systems answered are not shown.",
    ]);
  });

  it("are heard by nobody where nobody listens", () => {
    warnings(undefined, createRedactor())("a");
  });
});
