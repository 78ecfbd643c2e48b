import { z } from "zod";

import { type Answer, type Call, json, Refusal } from "../exchange";
import type { Settings } from "../settings";
import { isJsonObject, parseJson } from "../strict-json";
import { authorize, findCustomer, refuseBelowUse, requireJsonContentType, titled, valid } from "./request";
import { type Customer, uuidSchema } from "./seed";
import type { LivePlatformState } from "./state";
import type { LicenseChange } from "./tasks";

const HOSTED_ESSENTIALS = 0;
const HOSTED: ReadonlySet<number> = new Set([1, 2]);
const OC: ReadonlySet<number> = new Set([4, 5]);

const count = z.int().min(1);
const registration = {
  // The page's example carries the name although its table does not list it.
  customerFullName: z.string().min(1).optional(),
  // INVENTED: that it has to be a UUID; the table says "string".
  applicationClientId: uuidSchema.optional(),
  applicationClientSecret: z.string().min(1).optional(),
};
const exampleSchema = z.strictObject({ ...registration, licenseType: z.int(), licensedUsersCount: count });
const tableSchema = z
  .strictObject({ ...registration, upgradeToLicense: z.int(), licenseCount: count })
  .transform(({ upgradeToLicense, licenseCount, ...rest }) => ({
    ...rest,
    licenseType: upgradeToLicense,
    licensedUsersCount: licenseCount,
  }));

function isDocumentedChange(from: number | null, to: unknown, settings: Settings): boolean {
  if (from === null || typeof to !== "number") {
    return false;
  }
  const fromHosted = HOSTED.has(from) || (from === HOSTED_ESSENTIALS && settings.hostedEssentialsPatch === "accept");
  return (fromHosted && HOSTED.has(to)) || (OC.has(from) && OC.has(to));
}

function checkAppRegistration(customer: Customer, change: LicenseChange, settings: Settings): void {
  const { applicationClientId, applicationClientSecret } = change;
  if ((applicationClientId === undefined) !== (applicationClientSecret === undefined)) {
    // INVENTED: that half an App Registration is refused, and with which words.
    throw new Refusal(titled(400, "applicationClientId and applicationClientSecret must be given together."));
  }
  const isRefused = customer.appRegistrationOwed || settings.patchWithoutRegistration === "refuse";
  if (applicationClientId === undefined && isRefused) {
    // INVENTED: the page says that this PATCH validates the App Registration, not what it answers where there is none.
    throw new Refusal(titled(400, "The App Registration credentials could not be validated: none were given."));
  }
}

/** Does what the setting `patchAnswer` says. INVENTED: every answer but `1`. */
function perform(customer: Customer, change: LicenseChange, state: LivePlatformState): Answer {
  const { patchAnswer } = state.settings;
  switch (patchAnswer) {
    case "errorObject":
      return json(200, { error: { code: "InvalidSecret", message: "The client secret is not valid." } });
    case "unsuccessful":
      return json(200, { success: false });
    case "errorText":
      return json(200, "Error: customer is locked");
    case "taskId":
      return json(200, state.tasks.start("patch", "tsk", customer, change).id);
    case "jobId":
      return json(200, { jobId: state.tasks.start("patch", "wst", customer, change).id });
    case "one":
    case "empty":
    case "noContent":
      if (!customer.ignorePatch) {
        state.change(customer, change, state.now());
      }
      return patchAnswer === "one"
        ? json(200, 1)
        : { status: patchAnswer === "empty" ? 200 : 204, headers: {}, body: "" };
  }
}

/** `Upgrade or Downgrade Service License`. */
export function patchCustomer(call: Call, state: LivePlatformState): Answer {
  authorize(call, state);
  requireJsonContentType(call);
  const customer = findCustomer(call, state);
  const parsed = parseJson(call.body);
  if (!parsed.ok || !isJsonObject(parsed.value)) {
    return titled(400, "The request body is not a JSON object.");
  }
  const table = state.settings.patchFields === "table";
  const type = parsed.value[table ? "upgradeToLicense" : "licenseType"];
  if (Number.isInteger(type) && !isDocumentedChange(customer.licenseType, type, state.settings)) {
    return json(400, "Invalid change for License Type!");
  }
  const change = valid((table ? tableSchema : exampleSchema).safeParse(parsed.value));
  checkAppRegistration(customer, change, state.settings);
  refuseBelowUse(customer, change.licensedUsersCount, state);
  return perform(customer, change, state);
}
