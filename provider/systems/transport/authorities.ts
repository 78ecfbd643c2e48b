import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import * as tls from "node:tls";

/**
 * The certificate authorities that this process trusts already, and those of a PEM file. To be made once: reading some hundred
 * authorities is expensive.
 * @throws where the file cannot be read, or holds no certificate.
 */
export function trustingAlso(caFile: string): tls.SecureContext {
  const problem = caFileProblem(caFile);
  if (problem !== undefined) {
    throw new Error(`caFile ${problem}: ${caFile.slice(0, 300)}`);
  }
  return tls.createSecureContext({ ca: [...alreadyTrusted(), readFileSync(caFile, "utf8")] });
}

/**
 * Why a file cannot be the value of `caFile`, to follow its name, or `undefined` where it can. OpenSSL itself ignores what it cannot
 * read, so that the mistake would show only as a certificate that is not trusted.
 */
export function caFileProblem(caFile: string): string | undefined {
  const must = "must be a file of certificates in PEM form";
  let text;
  try {
    text = readFileSync(caFile, "latin1");
  } catch {
    return `${must} that can be read`;
  }
  const certificates = text.match(PEM_CERTIFICATE) ?? [];
  if (certificates.length === 0) {
    return `${must}: it holds no certificate in PEM form`;
  }
  return certificates.every(isCertificate) ? undefined : `${must}: it holds one that cannot be read`;
}

const PEM_CERTIFICATE =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/** Node drops its own authorities, and those of `NODE_EXTRA_CA_CERTS`, where others are given. */
function alreadyTrusted(): readonly string[] {
  // Node lists all of them from 22.15 on.
  const list: unknown = Reflect.get(tls, "getCACertificates");
  const listed: unknown = typeof list === "function" ? Reflect.apply(list, tls, ["default"]) : undefined;
  if (Array.isArray(listed)) {
    return listed.filter((certificate) => typeof certificate === "string");
  }
  return [...tls.rootCertificates, ...extra()];
}

function extra(): readonly string[] {
  const file = process.env["NODE_EXTRA_CA_CERTS"];
  try {
    return file === undefined || file === "" ? [] : [readFileSync(file, "utf8")];
  } catch {
    // Node itself has warned of that, and gone on.
    return [];
  }
}
