import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { caFileProblem } from "../../../provider/systems/transport/authorities";
import { selfSigned } from "../../simulator/self-signed";
import { connect } from "../support/http-apis";
import { temporaryFiles } from "../support/temporary-file";

describe("file of authorities", () => {
  const file = temporaryFiles();
  const { cert, key } = selfSigned();
  const other = selfSigned("other").cert;

  const GOOD: readonly (readonly [what: string, content: string])[] = [
    ["one certificate", cert],
    ["several certificates", `# ours\n${cert}\n# theirs\n${other}`],
    ["a certificate with its key", key + cert],
    ["Windows line ends", cert.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\ufeff${cert}`],
    ["what openssl prints before a certificate", `Certificate:\n    Data:\n        Version: 3 (0x2)\n${cert}`],
  ];
  for (const [what, content] of GOOD) {
    it(`may hold ${what}`, () => {
      assert.equal(caFileProblem(file("good.pem", content)), undefined);
    });
  }

  const NONE = "must be a file of certificates in PEM form: it holds no certificate in PEM form";
  const WRONG: readonly (readonly [what: string, content: string | Buffer, problem: string])[] = [
    ["a certificate in DER", new X509Certificate(cert).raw, NONE],
    ["a certificate in UTF-16", Buffer.from(`\ufeff${cert}`, "utf16le"), NONE],
    ["nothing", "", NONE],
    ["a web page", "<!DOCTYPE html><html><body>Sign in</body></html>", NONE],
    ["a private key", key, NONE],
    ["a request for a certificate", cert.replaceAll("CERTIFICATE", "CERTIFICATE REQUEST"), NONE],
    ["a cut certificate", cert.slice(0, 200), NONE],
    [
      "rubbish in the place of a certificate",
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
      "must be a file of certificates in PEM form: it holds one that cannot be read",
    ],
    [
      "a broken certificate behind a good one",
      `${cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
      "must be a file of certificates in PEM form: it holds one that cannot be read",
    ],
  ];
  for (const [what, content, problem] of WRONG) {
    it(`must not hold ${what}, and is refused before the first call`, () => {
      const caFile = file("wrong.pem", content);
      assert.equal(caFileProblem(caFile), problem);
      assert.throws(() => connect("https://127.0.0.1", { caFile }), { message: `caFile ${problem}: ${caFile}` });
    });
  }

  it("must be a file that can be read", () => {
    for (const caFile of ["/no/such/file.pem", __dirname]) {
      assert.equal(caFileProblem(caFile), "must be a file of certificates in PEM form that can be read");
    }
  });
});
