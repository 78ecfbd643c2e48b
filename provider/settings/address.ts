/** An address in one spelling, so that two ways to write it compare as equal. */
export function addressOf(baseUrl: string): string {
  try {
    const { origin, pathname } = new URL(baseUrl.trim());
    return (origin + pathname).replace(/\/+$/, "");
  } catch {
    return baseUrl.trim();
  }
}
