import { type Answer, type Call, html, json } from "../exchange";
import { licenseInfo } from "./license-info";
import { authorizeRead, findCustomer, titled } from "./request";
import { briefRow, customerDetails, customerRow, leadBriefRow, leadRow, shownRow, taskRow } from "./rows";
import type { LivePlatformState } from "./state";

/** `Get Services Brief Details (V3)`. */
export function listCustomers(call: Call, state: LivePlatformState): Answer {
  authorizeRead(call, state);
  const rows = [...state.shownCustomers().map(customerRow), ...state.leads.map(leadRow)];
  return json(
    200,
    rows.map((row) => shownRow(row, state.settings)),
  );
}

/** `Get Customers Brief Details (V2)`. */
export function listBrief(call: Call, state: LivePlatformState): Answer {
  authorizeRead(call, state);
  const rows = [...state.shownCustomers().map(briefRow), ...state.leads.map(leadBriefRow)];
  return json(
    200,
    rows.map((row) => shownRow(row, state.settings)),
  );
}

export function getCustomer(call: Call, state: LivePlatformState): Answer {
  authorizeRead(call, state);
  const customer = state.shown(findCustomer(call, state));
  return json(200, shownRow(customerDetails(customer), state.settings));
}

export function getLicenseInfo(call: Call, state: LivePlatformState): Answer {
  if (state.settings.licenseInfoAccess === "missing") {
    return html(404, "Not Found");
  }
  authorizeRead(call, state);
  if (state.settings.licenseInfoAccess === "refuse") {
    // INVENTED: its words.
    return titled(403, "Forbidden");
  }
  return json(200, [licenseInfo(state.shown(findCustomer(call, state)), state.now())]);
}

/** `Task Status`. */
export function getTask(call: Call, state: LivePlatformState): Answer {
  authorizeRead(call, state);
  const id = call.params["taskId"] ?? "";
  const task = state.tasks.get(id);
  // INVENTED: the words for an unknown task.
  return task === undefined ? titled(404, `Task with id: ${id} not found`) : json(200, taskRow(task, state.settings));
}
