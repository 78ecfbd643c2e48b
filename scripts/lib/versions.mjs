// @ts-check

/**
 * @typedef {object} Version
 * @property {readonly [number, number, number]} numbers major, minor, patch; a part that is not written counts as 0
 * @property {boolean} prerelease true for `3.216.0-alpha.1` and the like, which come before the release
 */

/**
 * Reads the first version in a text: `v3.255.0`, `20.19`, `go1.26.8`, `3.216.0-alpha.1`.
 * @param {string} text
 * @returns {Version | undefined} undefined where there is none
 */
export function parseVersion(text) {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?(-[0-9A-Za-z.-]+|(?:rc|beta)\d+)?/.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, major = "0", minor = "0", patch = "0", suffix] = match;
  return { numbers: [Number(major), Number(minor), Number(patch)], prerelease: suffix !== undefined };
}

/**
 * Orders two versions: below 0 where the first is the older, 0 where they are the same, above 0 otherwise. Two
 * pre-releases of one version count as the same: nothing here depends on their order.
 * @param {Version} one
 * @param {Version} other
 * @returns {number}
 */
export function compareVersions(one, other) {
  for (const index of /** @type {const} */ ([0, 1, 2])) {
    const difference = one.numbers[index] - other.numbers[index];
    if (difference !== 0) {
      return difference;
    }
  }
  return Number(other.prerelease) - Number(one.prerelease);
}

/**
 * Whether a text names a version that is at least the wanted one; a text without a version does not.
 * @param {string} text
 * @param {string} wanted
 * @returns {boolean}
 */
export function isAtLeast(text, wanted) {
  const version = parseVersion(text);
  const least = parseVersion(wanted);
  return version !== undefined && least !== undefined && compareVersions(version, least) >= 0;
}

/**
 * A version as folders and messages write it: three numbers, without a leading `v`.
 * @param {Version} version
 * @returns {string}
 */
export function formatVersion(version) {
  return version.numbers.join(".");
}
