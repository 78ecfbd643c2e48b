import { z } from "zod";

import { durationSchema } from "../duration";

/** How a task ends. */
export const taskOutcomeSchema = z.enum(["success", "fail"]);

/** A word for a task's status; one that no client expects may be no text at all. */
const statusWord = z.union([z.string(), z.number(), z.null()]);

/** How Live Platform behaves, apart from what it holds. All of it can be changed while the simulator runs. */
export const livePlatformSettings = {
  /** How long a token of the directory is valid. */
  tokenLifetimeSeconds: z.number().positive().default(3599),
  /** How long a task runs; a customer may have its own. */
  taskDuration: durationSchema.default(5000),
  taskOutcome: taskOutcomeSchema.default("success"),
  /** The least number of the next task: a platform that has worked for a while has used others. */
  firstTaskNumber: z.int().min(1).default(185_510),
  /** Words of a task's status: the page prints `CompletedSuccess`; the other two are its prose. */
  statusInProgress: statusWord.default("In Progress"),
  statusSuccess: statusWord.default("CompletedSuccess"),
  statusFailed: statusWord.default("Failed"),
  /** Which field names the PATCH takes: those of the example on its page, or of the table. */
  patchFields: z.enum(["example", "table"]).default("example"),
  /** Which of the two spellings the POST takes. */
  upgradeFields: z.enum(["UpgradetoLicense", "upgradeToLicense"]).default("UpgradetoLicense"),
  /**
   * What a PATCH answers: `one` is documented; `taskId` and `jobId` make it a task; `empty` is a 200 without a body;
   * the last three are a 200 that reports a failure, and change nothing.
   */
  patchAnswer: z
    .enum(["one", "taskId", "jobId", "empty", "noContent", "errorObject", "unsuccessful", "errorText"])
    .default("one"),
  /** Whether an upgrade answers `"tsk_…"`, as its page, or `{"jobId": "wst_…"}`, as other calls of the product. */
  upgradeAnswer: z.enum(["taskId", "jobId"]).default("taskId"),
  /** The number of OC Essential, which no page prints. */
  ocEssentialType: z.int().default(3),
  /** What a PATCH of Hosted Essentials (0) to 1 or 2 does; no page says. */
  hostedEssentialsPatch: z.enum(["refuse", "accept"]).default("refuse"),
  /**
   * What a PATCH without an App Registration does to one that the customer has; no page says. The page reads as if it belonged in every
   * PATCH.
   */
  patchWithoutRegistration: z.enum(["keep", "clear", "refuse"]).default("keep"),
  /** What a count below the licences in use does; no page says. */
  belowActiveUsers: z.enum(["refuse", "accept"]).default("refuse"),
  /** Whether `licenseinfo` is answered, refused with 403, or a path that does not exist. */
  licenseInfoAccess: z.enum(["allow", "refuse", "missing"]).default("allow"),
  /** How replies show the names of customers. */
  customerNames: z.enum(["asSent", "trimmed", "composed", "escaped"]).default("asSent"),
  /** The case of the keys of a customer. */
  customerKeys: z.enum(["documented", "camelCase"]).default("documented"),
};
