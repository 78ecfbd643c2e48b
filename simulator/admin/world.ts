import { z } from "zod";

import { changeSettings, EditError, tenantState, valid } from "../edits";
import { json } from "../exchange";
import { shownSettings } from "../settings";
import type { Simulation } from "../simulation";
import { bodyOf, done } from "./request";
import type { AdminRoute } from "./routes";

const forgetSchema = z.strictObject({ taskId: z.string() });

function shownTasks({ livePlatform }: Simulation): readonly unknown[] {
  return livePlatform.tasks.all().map(({ startedAt, completesAt, ...task }) => ({
    ...task,
    startedAt: new Date(startedAt).toISOString(),
    completesAt: new Date(completesAt).toISOString(),
  }));
}

/** What the systems hold, as it is, and how they behave. */
function shownState(simulation: Simulation): Readonly<Record<string, unknown>> {
  const { livePlatform, gateway, settings } = simulation;
  return {
    customers: livePlatform.customers(),
    leads: livePlatform.leads,
    tenants: Object.fromEntries([...gateway.tenants()].map(([id, tenant]) => [id, tenantState(tenant)])),
    tasks: shownTasks(simulation),
    settings: shownSettings(settings),
  };
}

/** State, settings, tasks, tokens. */
export function worldRoutes(simulation: Simulation): readonly AdminRoute[] {
  return [
    { method: "GET", url: "/state", endpoint: () => json(200, shownState(simulation)) },
    { method: "GET", url: "/tasks", endpoint: () => json(200, shownTasks(simulation)) },
    {
      method: "PATCH",
      url: "/settings",
      endpoint: (call) => {
        changeSettings(simulation, bodyOf(call));
        return json(200, shownSettings(simulation.settings));
      },
    },
    {
      method: "POST",
      url: "/revoke",
      endpoint: () => {
        simulation.livePlatform.tokens.revokeAll();
        simulation.gateway.revoke();
        return done();
      },
    },
    {
      method: "POST",
      url: "/forget-task",
      endpoint: (call) => {
        const { taskId } = valid(forgetSchema.safeParse(bodyOf(call)));
        if (!simulation.livePlatform.tasks.forget(taskId)) {
          throw new EditError(404, `There is no task ${taskId}.`);
        }
        return done();
      },
    },
    {
      method: "POST",
      url: "/finish-tasks",
      endpoint: () => json(200, { finished: simulation.livePlatform.tasks.finish() }),
    },
    {
      method: "POST",
      url: "/reset",
      endpoint: () => {
        simulation.reset();
        return done();
      },
    },
  ];
}
