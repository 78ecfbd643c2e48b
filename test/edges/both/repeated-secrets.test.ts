import assert from "node:assert/strict";
import { type Declared, type Edge, EdgeWorld, type InState, messageOf } from "./support/edges";

const SECRET = "pr18Q~Fk0bpCZdK7dd4jZvZRy8mXeonQPLasEblW";
const OLD_SECRET = "aa18Q~Fk0bpCZdK7dd4jZvZRy8mXeonQPLasEblW";

const DECLARED: Declared = {
  type: "CustomerServiceLicense",
  name: "contoso",
  inputs: {
    customerGuid: "d5253892-1c1e-4b23-89d7-29d86734c31b",
    licenseType: "OcPro",
    licensedUsersCount: 50,
    applicationClientId: "0fdc8122-e0b5-43ac-8433-54860113710d",
    applicationClientSecret: SECRET,
    onDestroy: "downgrade",
  },
};

/** What an earlier process has left in state. */
const IN_STATE: InState = {
  id: "d5253892-1c1e-4b23-89d7-29d86734c31b",
  inputs: { ...DECLARED.inputs, applicationClientSecret: OLD_SECRET },
  outputs: { ...DECLARED.inputs, applicationClientSecret: OLD_SECRET },
};

const OPERATIONS: readonly (readonly [
  what: string,
  known: readonly string[],
  work: (edge: Edge) => Promise<unknown>,
])[] = [
  ["the preview of a new resource", [SECRET], (edge) => edge.preview(DECLARED, undefined)],
  ["the preview of a change", [SECRET, OLD_SECRET], (edge) => edge.preview(DECLARED, IN_STATE)],
  ["a create", [SECRET], async (edge) => (await edge.up(DECLARED, undefined)).failure],
  ["an update", [SECRET, OLD_SECRET], async (edge) => (await edge.up(DECLARED, IN_STATE)).failure],
  ["a refresh", [OLD_SECRET], (edge) => edge.refresh(DECLARED, IN_STATE).catch(messageOf)],
  ["a destroy", [OLD_SECRET], (edge) => edge.destroy(DECLARED, IN_STATE)],
];

for (const kind of ["dynamic", "native"] as const) {
  describe(`secrets that the platform repeats, at the ${kind} edge`, function () {
    this.timeout(30_000);
    for (const [what, known, work] of OPERATIONS) {
      it(`are hidden in ${what}, also by a process that has sent nothing`, async () => {
        const world = await EdgeWorld.start(kind);
        try {
          const text = JSON.stringify({ title: `Boom with ${SECRET} and ${OLD_SECRET}` });
          await world.admin.faults({
            method: "GET",
            path: "/customer",
            count: -1,
            fault: { kind: "status", status: 500, text, contentType: "application/json" },
          });
          const shown = JSON.stringify([await work(world.edge), world.lines()]);
          assert.match(shown, /answered 500: Boom with \S+ and \S+\./);
          assert.ok(
            known.every((secret) => !shown.includes(secret)),
            shown,
          );
        } finally {
          await world.stop();
        }
      });
    }
  });
}
