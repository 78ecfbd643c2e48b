const US_DATE = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*([AP]M))?)?$/i;
const ISO_DATE = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * ISO 8601 of a date as the platform writes it: US text (`2/18/2027 8:39:26 AM`) or a form of ISO 8601 (`2027-02-18 08:39:26`).
 * A text without a time zone is taken as UTC, which is a guess. `undefined` for anything else, and for the day that .NET writes where
 * there is none (`0001-01-01T00:00:00`).
 */
export function readDate(text: string): string | undefined {
  return usDate(text.trim()) ?? isoDate(text.trim());
}

/** Whether a text stands for "no date". */
export function isNoDate(text: string): boolean {
  return text.trim() === "" || /^(?:0001-01-01|0?1\/0?1\/0001)/.test(text.trim());
}

function usDate(text: string): string | undefined {
  const match = US_DATE.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, month, day, year, hour, minute = "00", second = "00", half] = match;
  const hours = half === undefined ? Number(hour ?? 0) : (Number(hour) % 12) + (half.toUpperCase() === "PM" ? 12 : 0);
  const written = `${year}-${twoDigits(month)}-${twoDigits(day)}T${twoDigits(hours)}:${minute}:${second}.000Z`;
  // A date that does not exist, such as February 30, comes back as another one.
  return toIso(written) === written ? written : undefined;
}

function isoDate(text: string): string | undefined {
  const match = ISO_DATE.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, day = "", time = "00:00:00", zone = "Z"] = match;
  // The day on its own tells whether it exists: the clock of a zone may move the whole to another one.
  if (toIso(`${day}T00:00:00Z`)?.slice(0, 10) !== day) {
    return undefined;
  }
  return toIso(
    `${day}T${time.replace(",", ".")}${zone.replace(/^(?:z|utc)$/i, "Z").replace(/(\d{2})(\d{2})$/, "$1:$2")}`,
  );
}

/** What comes before 1970 is no date. */
function toIso(text: string): string | undefined {
  const date = new Date(text);
  return date.getTime() > 0 ? date.toISOString() : undefined;
}

function twoDigits(number: string | number | undefined): string {
  return String(number).padStart(2, "0");
}
