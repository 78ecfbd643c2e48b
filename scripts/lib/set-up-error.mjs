// @ts-check

/** A failure that people can fix: its message is the whole output, without a stack. */
export class SetUpError extends Error {
  /** @param {string} message what failed and what to do next */
  constructor(message) {
    super(message);
    this.name = "SetUpError";
  }
}
