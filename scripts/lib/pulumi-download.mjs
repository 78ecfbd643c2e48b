// @ts-check
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { missingPieces } from "./pulumi-pieces.mjs";
import { run } from "./run.mjs";
import { SetUpError } from "./set-up-error.mjs";

const CONNECT_SECONDS = 5;
const STALL_SECONDS = 10;

/** Pulumi's own download host, and where its checksums are published: the same file in both places. */
const RELEASES = "https://get.pulumi.com/releases/sdk";
const checksumSources = (/** @type {string} */ version) => [
  `${RELEASES}/pulumi-${version}-checksums.txt`,
  `https://github.com/pulumi/pulumi/releases/download/v${version}/pulumi-${version}-checksums.txt`,
];

/**
 * The file name of Pulumi's release for a platform, or undefined where Pulumi publishes none that is used here.
 * @param {string} version
 * @param {string} platform as `process.platform`
 * @param {string} arch as `process.arch`
 * @returns {string | undefined}
 */
export function releaseFile(version, platform, arch) {
  const isPublished = ["linux", "darwin"].includes(platform) && ["x64", "arm64"].includes(arch);
  return isPublished ? `pulumi-v${version}-${platform}-${arch}.tar.gz` : undefined;
}

/**
 * Downloads Pulumi's release, checks it against the published SHA-256 and unpacks it.
 * @param {object} job
 * @param {string} job.version
 * @param {string} job.folder an empty folder; the programs end in its subfolder `bin`
 * @param {(phase: string) => void} job.report
 * @param {(line: string) => void} job.warn for what people should know though it worked
 * @param {string} [job.releases] where the release lies, for tests
 * @param {readonly string[]} [job.checksums] where its checksums lie, first come first served
 * @returns {Promise<string>} the folder of the programs
 */
export async function downloadPulumi({
  version,
  folder,
  report,
  warn,
  releases = RELEASES,
  checksums = checksumSources(version),
}) {
  const file = releaseFile(version, process.platform, process.arch);
  if (file === undefined) {
    throw new SetUpError(`Pulumi publishes no release for ${process.platform}-${process.arch}`);
  }
  const archive = path.join(folder, file);
  const url = `${releases}/${file}`;
  report(url);
  await fetchTo(url, archive);

  report("checking the SHA-256");
  await verify(archive, file, path.join(folder, "checksums.txt"), checksums, warn);

  report("unpacking");
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  const { code, output } = await run("tar", ["-xzf", archive, "-C", bin, "--strip-components=1"]);
  if (code !== 0) {
    throw new SetUpError(`tar could not unpack ${url}: ${output.trim()}`);
  }
  const missing = missingPieces(bin);
  if (missing.length > 0) {
    throw new SetUpError(`${url} holds no ${missing.join(" and no ")}`);
  }
  return bin;
}

/**
 * @param {string} archive
 * @param {string} name as the checksums call it
 * @param {string} listFile where to keep the list
 * @param {readonly string[]} sources
 * @param {(line: string) => void} warn
 */
async function verify(archive, name, listFile, sources, warn) {
  const wanted = await publishedChecksum(name, listFile, sources);
  if (wanted === undefined) {
    warn(
      `The Pulumi release came over TLS from its own host, but was not checked: no SHA-256 of ${name} could be had.`,
    );
    return;
  }
  const hash = createHash("sha256");
  await pipeline(createReadStream(archive), hash);
  const found = hash.digest("hex");
  if (found !== wanted) {
    throw new SetUpError(`${name} is not what Pulumi published: its SHA-256 is ${found}, and ${wanted} was expected`);
  }
}

/**
 * @param {string} name
 * @param {string} listFile
 * @param {readonly string[]} sources
 * @returns {Promise<string | undefined>}
 */
async function publishedChecksum(name, listFile, sources) {
  for (const source of sources) {
    try {
      await fetchTo(source, listFile);
      const checksum = checksumOf(readFileSync(listFile, "utf8"), name);
      if (checksum !== undefined) {
        return checksum;
      }
    } catch {
      // The next source may know.
    }
  }
  return undefined;
}

/**
 * The SHA-256 that a list in the form of `sha256sum` gives for a file.
 * @param {string} list
 * @param {string} name
 * @returns {string | undefined} lower-case hexadecimal
 */
export function checksumOf(list, name) {
  for (const line of list.split("\n")) {
    const [checksum = "", file] = line.trim().split(/\s+\*?/);
    if (file === name && /^[0-9a-f]{64}$/i.test(checksum)) {
      return checksum.toLowerCase();
    }
  }
  return undefined;
}

/**
 * Fetches a file with curl, which knows the machine's proxies and certificates, or by Node itself where there is none.
 * @param {string} url
 * @param {string} target
 */
async function fetchTo(url, target) {
  const limits = [
    "--connect-timeout",
    `${CONNECT_SECONDS}`,
    "--speed-limit",
    "1000",
    "--speed-time",
    `${STALL_SECONDS}`,
  ];
  const { code, output } = await run("curl", ["-fsSL", "--proto-redir", "=https", ...limits, "-o", target, url]);
  if (code === 127) {
    await fetchByNode(url, target);
  } else if (code !== 0) {
    throw new SetUpError(output.trim() === "" ? `curl failed with exit code ${code}` : output.trim());
  }
}

/**
 * @param {string} url
 * @param {string} target
 */
async function fetchByNode(url, target) {
  const patience = new AbortController();
  let timer = setTimeout(() => patience.abort(), CONNECT_SECONDS * 1000);
  try {
    const response = await fetch(url, { signal: patience.signal });
    if (!response.ok || response.body === null) {
      throw new SetUpError(`${url} answered ${response.status}`);
    }
    const body = Readable.fromWeb(/** @type {import("node:stream/web").ReadableStream} */ (response.body));
    body.on("data", () => {
      clearTimeout(timer);
      timer = setTimeout(() => patience.abort(), STALL_SECONDS * 1000);
    });
    await pipeline(body, createWriteStream(target));
  } catch (error) {
    if (error instanceof SetUpError) {
      throw error;
    }
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new SetUpError(`${url}: ${patience.signal.aborted ? "no answer in time" : String(cause)}`);
  } finally {
    clearTimeout(timer);
  }
}
