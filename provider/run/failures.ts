import type { CheckFailure } from "../resources/check-fields";
import type { Properties } from "./properties";

/** Something was done, or is under way, and then it failed: `outputs` is what state must hold. */
export class PartialFailure extends Error {
  public override readonly name = "PartialFailure";

  public constructor(
    message: string,
    public readonly outputs: Properties,
  ) {
    super(message);
  }
}

/** What was asked for is refused before anything was sent. */
export class Refusal extends Error {
  public override readonly name = "Refusal";

  public constructor(failures: readonly CheckFailure[]) {
    super(failures.map(({ property, reason }) => withProperty(property, reason)).join("\n"));
  }
}

/** The engine names the property of a failed check by itself; here its name must be part of the text. */
function withProperty(property: string, reason: string): string {
  return property === "" || reason.startsWith(property) ? reason : `${property}: ${reason}`;
}

/** The user ended the run. */
export class Cancelled extends Error {
  public override readonly name = "Cancelled";

  public constructor() {
    super("The run was cancelled.");
  }
}
