import { z } from "zod";

import { EditError, editCustomer, editTenant, removeCustomer, removeTenant, tenantState, valid } from "../edits";
import { json } from "../exchange";
import { tenantSchema } from "../gateway/seed";
import { customerSchema } from "../live-platform/seed";
import type { Simulation } from "../simulation";
import { bodyOf, done, idOf } from "./request";
import type { AdminRoute } from "./routes";

const newTenantSchema = tenantSchema.extend({ id: z.string().min(1) });

function customerRoutes(simulation: Simulation): readonly AdminRoute[] {
  return [
    {
      method: "POST",
      url: "/customers",
      endpoint: (call) => {
        const customer = valid(customerSchema.safeParse(bodyOf(call)));
        if (simulation.livePlatform.customer(customer.guid) !== undefined) {
          throw new EditError(409, `There is a customer ${customer.guid} already.`);
        }
        simulation.livePlatform.putCustomer(customer);
        return json(200, customer);
      },
    },
    {
      method: "PATCH",
      url: "/customers/:id",
      endpoint: (call) => json(200, editCustomer(simulation, idOf(call), bodyOf(call))),
    },
    {
      method: "DELETE",
      url: "/customers/:id",
      endpoint: (call) => {
        removeCustomer(simulation, idOf(call));
        return done();
      },
    },
  ];
}

function tenantRoutes(simulation: Simulation): readonly AdminRoute[] {
  return [
    {
      method: "POST",
      url: "/tenants",
      endpoint: (call) => {
        const { id, ...tenant } = valid(newTenantSchema.safeParse(bodyOf(call)));
        if (simulation.gateway.tenant(id) !== undefined) {
          throw new EditError(409, `There is a tenant ${id} already.`);
        }
        simulation.gateway.putTenant(id, tenant);
        return json(200, { id, ...tenant });
      },
    },
    {
      method: "PATCH",
      url: "/tenants/:id",
      endpoint: (call) => json(200, tenantState(editTenant(simulation, idOf(call), bodyOf(call)))),
    },
    {
      method: "DELETE",
      url: "/tenants/:id",
      endpoint: (call) => {
        removeTenant(simulation, idOf(call));
        return done();
      },
    },
  ];
}

/** Edits behind the back of the APIs. */
export function objectRoutes(simulation: Simulation): readonly AdminRoute[] {
  return [...customerRoutes(simulation), ...tenantRoutes(simulation)];
}
