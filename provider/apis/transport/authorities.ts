import { readFileSync } from "node:fs";
import * as tls from "node:tls";

/**
 * What this process trusts anyhow, and beside it the certificate authorities of a PEM file. To be made once: with some hundred
 * authorities to read it is dear.
 * @throws where the file cannot be read.
 */
export function trustingAlso(caFile: string): tls.SecureContext {
  return tls.createSecureContext({ ca: [...trustedAnyhow(), readFileSync(caFile, "utf8")] });
}

/** Node forgets its own authorities, and those of `NODE_EXTRA_CA_CERTS`, where others are given. */
function trustedAnyhow(): readonly string[] {
  // Node tells all of them from 22.15 on.
  const tell: unknown = Reflect.get(tls, "getCACertificates");
  const told: unknown = typeof tell === "function" ? Reflect.apply(tell, tls, ["default"]) : undefined;
  if (Array.isArray(told)) {
    return told.filter((certificate) => typeof certificate === "string");
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
