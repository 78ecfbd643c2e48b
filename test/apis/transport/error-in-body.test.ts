import assert from "node:assert/strict";
import fc from "fast-check";
import { errorIn, looksLikeHtml } from "../../../provider/systems/transport/error-in-body";
import { VENDOR_EXAMPLES } from "../../fixtures/vendor";

function said(text: string): string {
  let json: unknown;
  try {
    json = JSON.parse(text) as unknown;
  } catch {
    json = undefined;
  }
  return errorIn({ text, json });
}

const HTML = "an HTML page, so it may come from a proxy or another site";

describe("error in a body", () => {
  const table: readonly (readonly [what: string, body: unknown, said: string])[] = [
    [
      "title, status",
      { title: "Tenant is already upgraded: OC EssentialPlus", status: 409 },
      "Tenant is already upgraded: OC EssentialPlus",
    ],
    [
      "title, status, detail",
      { title: "Value cannot be null. (Parameter 's')", status: 500, detail: "ErrorTicket=03a9" },
      "Value cannot be null. (Parameter 's'); ErrorTicket=03a9",
    ],
    ["a bare text", "Invalid change for License Type!", "Invalid change for License Type!"],
    ["details", { details: "Tenant 'x' not found" }, "Tenant 'x' not found"],
    ["a list of details", { details: ["one", "two"] }, "one; two"],
    ["details in depth", { details: [{ message: "one" }, { message: "two", code: 7 }] }, "one; two; code: 7"],
    ["message", { message: "no" }, "no"],
    ["errors", { errors: ["a", { message: "b" }] }, "a; b"],
    [
      "errors by field",
      { title: "Wrong", errors: { LicenseType: ["not 7", "not 8"] } },
      "Wrong; LicenseType: not 7; LicenseType: not 8",
    ],
    [
      "a list of objects with a code",
      [{ code: 4008, message: "not allowed" }, { code: 12 }],
      "not allowed; code: 4008; code: 12",
    ],
    ["a list of texts", ["one", "two", "one"], "one; two"],
    [
      "OAuth",
      { error: "unauthorized_client", error_description: "AADSTS700016: no", error_codes: [7] },
      "unauthorized_client; AADSTS700016: no",
    ],
    ["an error in an error", { error: { code: "X1", message: "deep" } }, "deep; code: X1"],
    ["a map of complaints", { maximum: ["must be there"], name: "unknown" }, "maximum: must be there; name: unknown"],
    ["the same twice", { title: "no", message: "no", detail: "no" }, "no"],
    [
      "what BroadWorks refused, in a list",
      {
        errors: [
          {
            code: 2,
            message: "Invalid parameters",
            details: {
              errors: [{ error_code: 4962, level: "Error", summary: "Licence limit exceeded", detail: "Hunt Group" }],
            },
          },
        ],
      },
      "Licence limit exceeded; Hunt Group; Invalid parameters; error_code: 4962; code: 2",
    ],
    [
      "what BroadWorks refused, in an object",
      {
        errors: [
          { message: "Invalid parameters", details: { errors: { "0": { summary: "[Error 4962] Licence limit" } } } },
        ],
        _internal_record_id: "65f1a",
      },
      "[Error 4962] Licence limit; Invalid parameters; audit record 65f1a",
    ],
    ["an audit record", { details: "locked", _record_internal_id: 4711 }, "locked; audit record 4711"],
    ["an audit record alone", { _internal_record_id: "65f1a" }, "audit record 65f1a"],
    ["errors by number", { errors: { "0": "one", "1": "two" } }, "one; two"],
    ["nothing", {}, ""],
    ["an empty list", [], ""],
    ["an empty text", "", ""],
    ["null", null, ""],
    ["a number", 7, "7"],
    ["empty fields", { title: "", detail: null, errors: [] }, ""],
    ["a full stop", { title: "Tenant is locked." }, "Tenant is locked"],
    ["an ellipsis", { title: "wait..." }, "wait"],
    [
      "several lines",
      { error_description: "AADSTS7000215: wrong\r\nTrace ID: 1\r\nTimestamp: 2" },
      "AADSTS7000215: wrong Trace ID: 1 Timestamp: 2",
    ],
    ["control characters, escaped", { title: "a\u001b[31mb\u0000c\u0007" }, "a\\u{1b}[31mb\\u{0}c\\u{7}"],
    ["a text that turns the line around", { title: "a\u202eb" }, "a\\u{202e}b"],
    ["a tab and spaces", { title: " a\t \u00a0b " }, "a b"],
  ];
  for (const [what, body, expected] of table) {
    it(`is read from ${what}`, () => {
      assert.equal(said(JSON.stringify(body)), expected);
    });
  }

  const texts: readonly (readonly [what: string, text: string, said: string])[] = [
    ["plain text", "upstream connect error", "upstream connect error"],
    ["plain text of several lines", "upstream\n  connect error.\n", "upstream connect error"],
    ["cut JSON", '{"title": "hal', '{"title": "hal'],
    ["nothing", "", ""],
    ["spaces", " \r\n ", ""],
    ["HTML", "<!DOCTYPE html><html><body>Sign in</body></html>", HTML],
    ["HTML in capitals after spaces", " \n<HTML><head>", HTML],
    ["HTML after a byte order mark", "\ufeff<!doctype html>", HTML],
    ["HTML after a comment", "<!-- IE 6 --><html>", HTML],
    ["XHTML", '<?xml version="1.0"?><html>', HTML],
    ["a page's head alone", "<head><title>502</title></head>", HTML],
  ];
  for (const [what, text, expected] of texts) {
    it(`is read from ${what}, which is no JSON`, () => {
      assert.equal(said(text), expected);
      assert.equal(looksLikeHtml(text), expected === HTML);
    });
  }

  for (const { name, text } of VENDOR_EXAMPLES.filter(({ kind }) => kind === "error")) {
    it(`is read from the vendor's example ${name}`, () => {
      const json = JSON.parse(text) as { title?: string; detail?: string } | string;
      const expected =
        typeof json === "string" ? json : [json.title, json.detail].filter((part) => part !== undefined).join("; ");
      assert.equal(said(text), expected);
      assert.notEqual(expected, "");
    });
  }

  it("is cut where it is long", () => {
    const long = said(JSON.stringify({ title: "x".repeat(10_000) }));
    assert.ok(long.length <= 601 && long.endsWith("x…"));
    assert.ok(said("y ".repeat(10_000)).length <= 601);
  });

  it("keeps the audit record where the rest is cut off", () => {
    assert.ok(
      said(JSON.stringify({ title: "x".repeat(10_000), _internal_record_id: "65f1a" })).endsWith(
        "x…; audit record 65f1a",
      ),
    );
  });

  it("hides a secret that ends in a space before anything is trimmed", () => {
    for (const body of [{ title: "wrong: s3cret " }, "s3cret ", ["s3cret "]]) {
      const text = JSON.stringify(body);
      const shown = errorIn({ text, json: body }, (plain) => plain.replaceAll("s3cret ", "[secret]"));
      assert.ok(!shown.includes("s3cret"), shown);
    }
  });

  it("hides secrets before it is cut, so that no half of one is left", () => {
    const secret = "s3cr3t".repeat(10);
    for (let before = 540; before <= 610; before += 1) {
      const text = `${"x".repeat(before)}${secret}`;
      const shown = errorIn({ text, json: undefined }, (plain) => plain.split(secret).join("[secret]"));
      assert.ok(!shown.includes("s3c"), shown.slice(-80));
    }
  });

  it("is found in any JSON, in one line, however deep", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const shown = said(text);
        assert.ok(shown.length <= 601 && !/[\r\n\u0000-\u001f]/.test(shown));
      }),
    );
    const deep = `${"[".repeat(50_000)}"far down"${"]".repeat(50_000)}`;
    let nested: unknown = "far down";
    for (let depth = 0; depth < 50_000; depth += 1) {
      nested = [nested];
    }
    assert.equal(typeof errorIn({ text: deep, json: nested }), "string");
  });
});
