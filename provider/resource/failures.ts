import { type Mistake, shownMistake } from "./mistake";
import { type Properties, withoutUndefined } from "./properties";

/** Something was done, or is under way, and then it failed: `outputs` is what state must hold. */
export class PartialFailure extends Error {
  public override readonly name = "PartialFailure";

  public readonly outputs: Properties;

  public constructor(message: string, outputs: Properties) {
    super(message);
    this.outputs = withoutUndefined(outputs);
  }
}

/** What was asked for is refused before anything was sent. */
export class Refusal extends Error {
  public override readonly name = "Refusal";

  public constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map(shownMistake).join("\n"));
  }
}

/** The user ended the run. */
export class Cancelled extends Error {
  public override readonly name = "Cancelled";

  public constructor() {
    super("The run was cancelled.");
  }
}
