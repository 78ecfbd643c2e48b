import assert from "node:assert/strict";
import fc from "fast-check";
import { createRedactor, MOST_TOKENS } from "../../../provider/systems/transport/redact";

const SECRET = "pr18Q~Fk0b/pCZ+dK7=dd4&jZ vZ\"Ry8\\m'Xé<L>";

/** .NET writes JSON so: everything but letters and digits as an escape. */
function escapedJson(text: string, upper: boolean): string {
  return Array.from(text, (character) =>
    /[A-Za-z0-9]/.test(character)
      ? character
      : Array.from({ length: character.length }, (_, index) => {
          const code = character.charCodeAt(index).toString(16).padStart(4, "0");
          return `\\u${upper ? code.toUpperCase() : code}`;
        }).join(""),
  ).join("");
}

const FORMS: Readonly<Record<string, (secret: string) => string>> = {
  "as it is": (secret) => secret,
  "percent-encoded": encodeURIComponent,
  "percent-encoded in lower case": (secret) =>
    encodeURIComponent(secret).replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
  "as a form field": (secret) => new URLSearchParams({ s: secret }).toString().slice(2),
  "base64-encoded": (secret) => Buffer.from(secret).toString("base64"),
  "base64-encoded without padding": (secret) => Buffer.from(secret).toString("base64").replace(/=+$/, ""),
  "base64url-encoded": (secret) => Buffer.from(secret).toString("base64url"),
  "in JSON": (secret) => JSON.stringify(secret).slice(1, -1),
  "in JSON with escapes": (secret) => escapedJson(secret, true),
  "in JSON with escapes in lower case": (secret) => escapedJson(secret, false),
};

describe("redactor", () => {
  for (const [form, encode] of Object.entries(FORMS)) {
    it(`hides a secret ${form}, wherever and however often it stands`, () => {
      const redactor = createRedactor();
      redactor.add(SECRET);
      const text = encode(SECRET);
      const hidden = redactor.redact(`a ${text} b${text}${text}`);
      assert.ok(!hidden.includes(text));
      assert.match(hidden, /^a \[secret\]=* b\[secret\]=*\[secret\]=*$/);
    });
  }

  it("hides a secret with spaces around it as well where they are trimmed", () => {
    const redactor = createRedactor();
    redactor.add(" s3cret pass ");
    assert.equal(redactor.redact("a s3cret pass"), "a [secret]");
    assert.equal(redactor.redact("a: s3cret pass !"), "a:[secret]!");
    assert.equal(redactor.redact("s%33cret"), "s%33cret");
  });

  for (const [where, encode] of [
    ["Basic credentials", (text: string) => Buffer.from(text).toString("base64")],
    ["base64url", (text: string) => Buffer.from(text).toString("base64url")],
  ] as const) {
    it(`hides a secret in ${where} with any user before it and any text behind it`, () => {
      const secret = "p4ss/wörd";
      const redactor = createRedactor();
      redactor.add(secret);
      for (const before of ["", "a:", "ab:", "abc:", "DOM\\\\user:"]) {
        for (const behind of ["", "x", "xy", "xyz"]) {
          const shown = redactor.redact(`Authorization: Basic ${encode(before + secret + behind)}`);
          assert.match(shown, /\[secret\]/);
          const bytes = Buffer.from(secret);
          // What is left on either side decodes to no part of the secret.
          for (const [left] of shown.replaceAll("[secret]", " ").matchAll(/[\w+/-]+/g)) {
            assert.ok(!Buffer.from(left, "base64").includes(bytes.subarray(0, 2)), shown);
            assert.ok(!Buffer.from(left, "base64").includes(bytes.subarray(-2)), shown);
          }
        }
      }
    });
  }

  it("takes a long text without a pause", () => {
    const redactor = createRedactor();
    redactor.add("a-long-secret-of-a-system");
    const text = "Ab9+".repeat(250_000);
    const start = process.cpuUsage().user;
    assert.equal(redactor.redact(text), text);
    assert.ok(process.cpuUsage().user - start < 1_000_000);
  });

  it("takes hardly more time for three thousand secrets than for one", () => {
    const redactor = createRedactor();
    for (let index = 0; index < 3000; index += 1) {
      redactor.add(`${SECRET}${index}~${Buffer.from(String(index)).toString("base64")}`);
    }
    const line =
      "Live Platform: PATCH /tenantui/api/v3/customer/d5f8b0c2-1111-2222-3333-444455556666 → 200, 85 ms".repeat(2);
    const start = process.cpuUsage().user;
    for (let index = 0; index < 200; index += 1) {
      assert.equal(redactor.redact(line), line);
    }
    assert.ok(process.cpuUsage().user - start < 1_000_000);
  });

  it("takes a text without a pause that can be read in many ways", () => {
    const redactor = createRedactor();
    redactor.add(`${"\\".repeat(60)}end`);
    const text = `${"\\".repeat(90)}and`;
    const start = process.cpuUsage().user;
    assert.equal(redactor.redact(text), text);
    assert.ok(process.cpuUsage().user - start < 1_000_000);
  });

  it("hides the last tokens of a system, and forgets older ones", () => {
    const redactor = createRedactor();
    redactor.add("token-1-known-otherwise");
    const [hideToken, hideCookie] = [redactor.forTokens(), redactor.forTokens()];
    hideCookie("c00kie-of-another-system");
    const tokens = ["token-0-known-once", "token-1-known-otherwise", "token-2-issued-again"];
    tokens.forEach(hideToken);
    for (let index = 3; index < MOST_TOKENS; index += 1) {
      hideToken(`token-${index}-known-once`);
    }
    hideToken("token-2-issued-again");
    assert.equal(redactor.redact("token-0-known-once"), "[secret]");
    hideToken("token-a-new-one");
    hideToken("token-b-new-one");
    assert.equal(redactor.redact("token-0-known-once"), "token-0-known-once");
    assert.equal(redactor.redact("token-4-known-once token-b-new-one"), "[secret] [secret]");
    assert.equal(redactor.redact("token-1-known-otherwise"), "[secret]");
    assert.equal(redactor.redact("token-2-issued-again"), "[secret]");
    assert.equal(redactor.redact("c00kie-of-another-system"), "[secret]");
  });

  it("leaves no part of two secrets that overlap", () => {
    const redactor = createRedactor();
    redactor.add("first-half-middle");
    redactor.add("middle-and-second-half");
    assert.equal(redactor.redact("x first-half-middle-and-second-half y"), "x [secret] y");
  });

  it("hides a secret whose base64 is escaped in turn", () => {
    const redactor = createRedactor();
    redactor.add(SECRET);
    for (const before of ["", "a:", "ab:"]) {
      const encoded = encodeURIComponent(Buffer.from(before + SECRET).toString("base64"));
      assert.match(redactor.redact(`x ${encoded} y`), /^x [\w%]*\[secret\](?:%3D|=)* y$/);
    }
  });

  it("changes nothing where there is no secret", () => {
    const redactor = createRedactor();
    assert.equal(redactor.redact("nothing here"), "nothing here");
    redactor.add(SECRET);
    assert.equal(redactor.redact("nothing here"), "nothing here");
    assert.equal(redactor.redact(""), "");
  });

  it("ignores what is too short to be a secret", () => {
    const redactor = createRedactor();
    for (const secret of ["", "a", "ab", "abc"]) {
      redactor.add(secret);
    }
    assert.equal(redactor.redact("abc"), "abc");
    redactor.add("abcd");
    assert.equal(redactor.redact("abcd"), "[secret]");
  });

  it("hides a secret whole that holds another one, in whichever order they came", () => {
    for (const secrets of [
      ["inner", "an-inner-one"],
      ["an-inner-one", "inner"],
    ]) {
      const redactor = createRedactor();
      secrets.forEach((secret) => {
        redactor.add(secret);
      });
      assert.equal(redactor.redact("an-inner-one and inner"), "[secret] and [secret]");
    }
  });

  it("knows a secret in all its forms that looks like a form of an earlier one", () => {
    const redactor = createRedactor();
    redactor.add("a b c");
    redactor.add("a%20b%20c");
    assert.equal(redactor.redact(encodeURIComponent("a%20b%20c")), "[secret]");
  });

  it("is not confused by a secret that looks like its own mark, or like a pattern", () => {
    const redactor = createRedactor();
    for (const secret of ["secret", "[secret]", "$&$1", ".*.*", "a+b("]) {
      redactor.add(secret);
    }
    assert.equal(redactor.redact("secret $&$1 .*.* a+b( xxxx"), "[secret] [secret] [secret] [secret] xxxx");
  });

  it("takes a secret that is no well-formed text", () => {
    const redactor = createRedactor();
    redactor.add("half a \ud83d pair");
    assert.equal(redactor.redact("x half a \ud83d pair y"), "x [secret] y");
  });

  it("lets no secret through, in any form, in any text", () => {
    const forms = Object.values(FORMS);
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "binary", minLength: 4, maxLength: 40 }), { minLength: 1, maxLength: 3 }),
        fc.string(),
        (secrets, around) => {
          const redactor = createRedactor();
          secrets.forEach((secret) => {
            redactor.add(secret);
          });
          for (const secret of secrets) {
            for (const form of forms) {
              const text = form(secret);
              const shown = redactor.redact(`${around}\n${text}\n`);
              // What is shown may hold the text only where what stood around it did, in the place of the mark.
              assert.ok(
                !shown.includes(text) || "[secret]=".includes(text) || around.includes(text),
                `${text} in ${shown}`,
              );
            }
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
