/** What the engine puts in place of a value that is not known before `up`, in fields of any type. */
export const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether a value is, or holds somewhere, one that is not known yet. */
export function holdsUnknown(value: unknown): boolean {
  if (value === UNKNOWN_VALUE) {
    return true;
  }
  if (Array.isArray(value)) {
    return value.some(holdsUnknown);
  }
  return typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown);
}
