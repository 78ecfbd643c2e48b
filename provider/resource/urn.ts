/** The name in a URN: all that follows the type, because a name may hold `::` itself. */
export function nameOf(urn: string): string {
  const [, name = urn] = /^urn:pulumi:[^]*?::[^]*?::[^]*?::([^]*)$/.exec(urn) ?? [];
  return name;
}

/** The resource's own type in a URN, without those of its parents. */
export function typeOf(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
}
