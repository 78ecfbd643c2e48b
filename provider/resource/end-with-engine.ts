import type { EnginePresence } from "./engine-presence";

/** How often a plugin looks whether its engine is still there, in milliseconds. */
const LOOK_AT_ENGINE_MS = 7000;

/**
 * Ends this process once the engine that started it is gone: the plugin of a CLI that was killed must not stay, with the credentials in its
 * memory. An engine that ends normally stops listening before it ends its plugins, and reports one that ended first, so the second look
 * in a row decides. Does not keep the process alive.
 */
export function endWith(presence: EnginePresence, everyMs = LOOK_AT_ENGINE_MS): void {
  let missed = 0;
  setInterval(() => {
    presence.assertThere().then(
      () => {
        missed = 0;
      },
      () => {
        missed += 1;
        if (missed > 1) {
          process.exit(1);
        }
      },
    );
  }, everyMs).unref();
}
