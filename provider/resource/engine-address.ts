/**
 * The address by which the engine that started this plugin can be reached, or `undefined` where this process is no plugin of an
 * engine. It is the host's first argument.
 */
export function engineAddress(argv: readonly string[] = process.argv): string | undefined {
  const candidate = argv[2];
  return candidate !== undefined && /^(?:127\.0\.0\.1|localhost|\[::1\]):\d{1,5}$/.test(candidate)
    ? candidate
    : undefined;
}
