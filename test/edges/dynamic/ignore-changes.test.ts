import assert from "node:assert/strict";
import { DynamicHostAdapter } from "../../../provider/hosts/dynamic/host-adapter";
import { DynamicRun } from "../../../provider/hosts/dynamic/dynamic-run";
import { ServedResource } from "../../../provider/resource/served-resource";
import { customerServiceLicense } from "../../../provider/customer/definition";
import { type Definition, licenseResource } from "../../../provider/resource/definition";
import { tenantServiceLicenses } from "../../../provider/tenant/definition";
import { PluginRun } from "../../../provider/resource/plugin-run";
import { NO_LIMITS, ReductionBrake } from "../../../provider/resource/reduction-brake";
import { systemClock } from "../../../provider/time/clock";
import { declarationsWithoutEngine } from "../../support/declarations";

type Properties = Record<string, unknown>;

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";

/** An adapter whose resource may reach no system: what is tested here needs none. */
function adapterOf<State>(definition: Definition<State>): DynamicHostAdapter {
  const served = new ServedResource(
    licenseResource(definition, () => undefined),
    new PluginRun({
      clock: systemClock,
      log: { log: () => undefined, shown: () => Promise.resolve() },
      presence: { assertThere: () => Promise.resolve() },
      signal: new AbortController().signal,
      brake: new ReductionBrake(() => NO_LIMITS),
      declarations: declarationsWithoutEngine(systemClock),
    }),
  );
  const run = new DynamicRun();
  return new DynamicHostAdapter(served, { run, debug: false, safe: (text) => text, configure: () => undefined });
}

const unreachable = (): never => assert.fail("a system was asked");
const customers = (): DynamicHostAdapter => adapterOf(customerServiceLicense(unreachable));
const tenants = (): DynamicHostAdapter => adapterOf(tenantServiceLicenses(unreachable));

const context = (keptInputs: readonly string[]): Properties => ({
  __context: { name: "it", urn: "urn:it", preview: true, keptInputs },
});

describe("ignoreChanges on what a refresh has put into state", () => {
  const refreshed: Properties = { customerGuid: GUID, licenseType: "OcEssential", licensedUsersCount: 50 };
  const state = { ...refreshed, customerFullName: "Contoso Ltd", customerShortName: "contoso" };

  for (const kept of [["licenseType"], ["customerGuid", "licenseType", "licensedUsersCount"], undefined]) {
    it(`keeps a licence that nobody can declare, ${kept === undefined ? "without a context" : `by ${kept.join(", ")}`}`, async () => {
      const adapter = customers();
      const news = { ...refreshed, ...(kept === undefined ? {} : context(kept)) };
      const checked: Properties = { ...(await adapter.check(refreshed, news)) };
      assert.deepEqual(checked, { inputs: refreshed });
      assert.deepEqual(await adapter.diff(GUID, state, refreshed), { changes: false, replaces: [] });
    });
  }

  it("keeps a customer without a licence", async () => {
    const gone = { customerGuid: GUID };
    const news = { ...gone, ...context(["licenseType", "licensedUsersCount"]) };
    assert.deepEqual({ ...(await customers().check(gone, news)) }, { inputs: gone });
  });

  it("changes what is not ignored, where that needs no request", async () => {
    const adapter = customers();
    const inputs = { ...refreshed, taskTimeout: "1h" };
    await adapter.check(refreshed, { ...inputs, ...context(["licenseType"]) });
    assert.deepEqual(await adapter.diff(GUID, state, inputs), { changes: true, replaces: [] });
    assert.deepEqual(await adapter.update(GUID, state, inputs), { outs: { ...state, taskTimeout: "1h" } });
  });

  it("refuses, in preview and in up, a change that would have to send what nobody can declare", async () => {
    const adapter = customers();
    const inputs = { ...refreshed, licensedUsersCount: 60 };
    await adapter.check(refreshed, { ...inputs, ...context(["licenseType"]) });
    const message = /licenseType: must be .* State holds this because of ignoreChanges/;
    await assert.rejects(adapter.diff(GUID, state, inputs), { message });
    await assert.rejects(adapter.update(GUID, state, inputs), { message });
  });

  it("refuses a mistake of the program as ever", async () => {
    const refusalOf = async (olds: Properties, news: Properties): Promise<unknown[]> =>
      (await customers().check(olds, news)).failures?.map(({ property }) => property) ?? [];
    assert.deepEqual(await refusalOf(refreshed, { ...refreshed, ...context([]) }), ["licenseType"], "not ignored");
    assert.deepEqual(await refusalOf({}, { ...refreshed, ...context(["licenseType"]) }), ["licenseType"], "new");
    const worse = { ...refreshed, licensedUsersCount: 0, ...context(["licenseType"]) };
    assert.deepEqual(await refusalOf(refreshed, worse), ["licensedUsersCount"], "beside a kept one");
  });

  it("keeps the services of a tenant, also where none is left", async () => {
    const adapter = tenants();
    const olds = { tenantId: "foo", groupServices: {} };
    const checked: unknown = await adapter.check(olds, { ...olds, ...context(["groupServices"]) });
    assert.deepEqual(checked, { inputs: olds });
    assert.equal((await adapter.diff("foo", { ...olds, original: {} }, olds)).changes, false);
  });
});
