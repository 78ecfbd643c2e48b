/** With this set, Pulumi shows the traces. */
const SHOWN = "PULUMI_DEBUG_PROMISE_LEAKS";

/**
 * Leaves stack traces out until the function that it gives is called. If that is called with an error, which came meanwhile and so
 * without a trace, it gives it one.
 *
 * Pulumi keeps a trace for each property of each resource, of up to a hundred frames with their source maps, to show where a promise
 * comes from that leaks, and shows it only where `PULUMI_DEBUG_PROMISE_LEAKS` asks for it. With 500 resources that takes a second. The
 * places in the program that Pulumi tells the engine are taken in another way, and stay.
 */
export function leaveOutPromiseTraces(): (error?: unknown) => unknown {
  const before = Error.stackTraceLimit;
  if (process.env[SHOWN] === undefined) {
    Error.stackTraceLimit = 0;
  }
  return (error) => {
    Error.stackTraceLimit = before;
    if (error instanceof Error) {
      Error.captureStackTrace(error);
    }
    return error;
  };
}
