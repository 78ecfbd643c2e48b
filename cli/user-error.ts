/** A failure whose message is all that the person at the keyboard needs: what happened, and what to do. */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UserError";
  }
}
