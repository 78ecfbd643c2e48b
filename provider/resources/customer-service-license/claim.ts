/** How a program's claim to a customer is written, to find two resources that claim the same. `guid` is in lower case. */
export function claimOf(guid: string): string {
  return `customer ${guid}`;
}
