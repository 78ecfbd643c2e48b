import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";

import { faultRuleSchema } from "./faults";
import { mergeService, serviceSchema, type TenantSeed, tenantSchema } from "./gateway/seed";
import { SERVICE_KINDS, type Tenant } from "./gateway/state";
import { issueTexts } from "./issues";
import { customerSchema } from "./live-platform/seed";
import type { Simulation } from "./simulation";
import { settingsChangeSchema } from "./seed";

/** The admin route was asked for something it cannot do. */
class AdminError extends Error {
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

const paramsSchema = z.object({ id: z.string() });
const sinceSchema = z.strictObject({ since: z.coerce.number().int().default(0) });
const rawSchema = z.strictObject({ n: z.coerce.number().int() });
const forgetSchema = z.strictObject({ taskId: z.string() });
const objectSchema = z.record(z.string(), z.unknown());
const newTenantSchema = tenantSchema.extend({ id: z.string().min(1) });
const servicesEditSchema = z.record(z.string(), z.unknown()).optional();
const tenantEditSchema = z.strictObject({
  groupServices: servicesEditSchema,
  userServices: servicesEditSchema,
  servicePacks: tenantSchema.shape.servicePacks.optional(),
});

function valid<Output>(result: z.ZodSafeParseResult<Output>): Output {
  if (!result.success) {
    throw new AdminError(400, issueTexts(result.error).join("; "));
  }
  return result.data;
}

function idOf(params: unknown): string {
  return paramsSchema.parse(params).id;
}

function tenantState(tenant: Tenant): TenantSeed {
  return {
    groupServices: Object.fromEntries(tenant.groupServices),
    userServices: Object.fromEntries(tenant.userServices),
    servicePacks: Object.fromEntries(tenant.servicePacks),
  };
}

function registerParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => {
    try {
      const value: unknown = body === "" ? {} : JSON.parse(body.toString());
      done(null, value);
    } catch {
      done(new AdminError(400, "The body is not JSON."));
    }
  });
  app.setErrorHandler((error, _request, reply) => {
    const status = error instanceof AdminError ? error.statusCode : 500;
    return reply.code(status).send({ error: error instanceof Error ? error.message : String(error) });
  });
}

function registerJournal(app: FastifyInstance, { journal }: Simulation): void {
  app.get("/requests", (request) => journal.since(valid(sinceSchema.safeParse(request.query)).since));
  app.delete("/requests", (_request, reply) => {
    journal.clear();
    return done(reply);
  });
  app.get("/requests/raw", (request, reply) => {
    const { n } = valid(rawSchema.safeParse(request.query));
    const raw = journal.raw(n);
    if (raw === undefined) {
      throw new AdminError(404, `There is no request ${n}.`);
    }
    return reply.type("text/plain; charset=utf-8").send(raw);
  });
}

function registerFaults(app: FastifyInstance, { faults }: Simulation): void {
  app.post("/faults", (request) => ({ id: faults.add(valid(faultRuleSchema.safeParse(request.body))) }));
  app.get("/faults", () => faults.list());
  app.delete("/faults", (_request, reply) => {
    faults.clear();
    return done(reply);
  });
}

function registerCustomers(app: FastifyInstance, simulation: Simulation): void {
  app.post("/customers", (request) => {
    const customer = valid(customerSchema.safeParse(request.body));
    if (simulation.livePlatform.customer(customer.guid) !== undefined) {
      throw new AdminError(409, `There is a customer ${customer.guid} already.`);
    }
    simulation.livePlatform.putCustomer(customer);
    return customer;
  });
  app.patch("/customers/:id", (request) => {
    const id = idOf(request.params);
    const customer = simulation.livePlatform.customer(id);
    if (customer === undefined) {
      throw new AdminError(404, `There is no customer ${id}.`);
    }
    const edit = valid(objectSchema.safeParse(request.body));
    return valid(simulation.livePlatform.editCustomer(customer, edit));
  });
  app.delete("/customers/:id", (request, reply) => {
    const id = idOf(request.params);
    if (!simulation.livePlatform.removeCustomer(id)) {
      throw new AdminError(404, `There is no customer ${id}.`);
    }
    return done(reply);
  });
}

function editServices(tenant: Tenant, edit: z.output<typeof tenantEditSchema>): void {
  // Everything is checked before anything is changed.
  const changes = SERVICE_KINDS.flatMap((kind) =>
    Object.entries(edit[kind] ?? {}).map(([name, change]) => {
      const merged = change === null ? null : serviceSchema.safeParse(mergeService(tenant[kind].get(name), change));
      if (merged?.success === false) {
        throw new AdminError(400, `${kind}.${name}: ${issueTexts(merged.error).join("; ")}`);
      }
      return { kind, name, service: merged?.data };
    }),
  );
  for (const { kind, name, service } of changes) {
    if (service === undefined) {
      tenant[kind].delete(name);
    } else {
      tenant[kind].set(name, service);
    }
  }
  for (const [name, pack] of Object.entries(edit.servicePacks ?? {})) {
    tenant.servicePacks.set(name, pack);
  }
}

function registerTenants(app: FastifyInstance, simulation: Simulation): void {
  app.post("/tenants", (request) => {
    const { id, ...tenant } = valid(newTenantSchema.safeParse(request.body));
    if (simulation.gateway.tenant(id) !== undefined) {
      throw new AdminError(409, `There is a tenant ${id} already.`);
    }
    simulation.gateway.putTenant(id, tenant);
    return { id, ...tenant };
  });
  app.patch("/tenants/:id", (request) => {
    const id = idOf(request.params);
    const tenant = simulation.gateway.tenant(id);
    if (tenant === undefined) {
      throw new AdminError(404, `There is no tenant ${id}.`);
    }
    editServices(tenant, valid(tenantEditSchema.safeParse(request.body)));
    return tenantState(tenant);
  });
  app.delete("/tenants/:id", (request, reply) => {
    const id = idOf(request.params);
    if (!simulation.gateway.removeTenant(id)) {
      throw new AdminError(404, `There is no tenant ${id}.`);
    }
    return done(reply);
  });
}

function registerWorld(app: FastifyInstance, simulation: Simulation): void {
  const tasks = (): unknown[] =>
    simulation.livePlatform.tasks().map(({ startedAt, completesAt, ...task }) => ({
      ...task,
      startedAt: new Date(startedAt).toISOString(),
      completesAt: new Date(completesAt).toISOString(),
    }));
  app.get("/tasks", tasks);
  app.get("/state", () => ({
    customers: simulation.livePlatform.customers(),
    leads: simulation.livePlatform.leads,
    tenants: Object.fromEntries([...simulation.gateway.tenants()].map(([id, tenant]) => [id, tenantState(tenant)])),
    tasks: tasks(),
    settings: simulation.settings,
  }));
  app.patch("/settings", (request) => {
    const { taskDuration, ...change } = valid(settingsChangeSchema.safeParse(request.body));
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const duration = taskDuration === undefined ? {} : { taskDurationMs: taskDuration };
    return Object.assign(simulation.settings, Object.fromEntries(given), duration);
  });
  app.post("/revoke", (_request, reply) => {
    simulation.livePlatform.revokeTokens();
    simulation.gateway.revokeSessions();
    return done(reply);
  });
  app.post("/forget-task", (request, reply) => {
    const { taskId } = valid(forgetSchema.safeParse(request.body));
    if (!simulation.livePlatform.forgetTask(taskId)) {
      throw new AdminError(404, `There is no task ${taskId}.`);
    }
    return done(reply);
  });
  app.post("/finish-tasks", () => ({ finished: simulation.livePlatform.finishTasks() }));
  app.post("/reset", (_request, reply) => {
    simulation.reset();
    return done(reply);
  });
}

function done(reply: FastifyReply): FastifyReply {
  return reply.send({ ok: true });
}

/**
 * The admin routes, below `/_simulator`: the log, faults, edits behind the back of the APIs, settings. They take and
 * answer JSON, ask for no credentials, and are not logged.
 */
export function registerAdmin(app: FastifyInstance, simulation: Simulation): void {
  registerParsers(app);
  registerJournal(app, simulation);
  registerFaults(app, simulation);
  registerCustomers(app, simulation);
  registerTenants(app, simulation);
  registerWorld(app, simulation);
  app.setNotFoundHandler((request) => {
    throw new AdminError(404, `The simulator has no admin route ${request.method} ${request.url}.`);
  });
}
