import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state";
import { getCustomer, TenantServiceLicenses } from "../../provider";

const GUID = "d5253892-1c1e-4b23-89d7-29d86734c31b";

interface Context {
  readonly readAhead: string;
}

/** What the Automation API gives each inline program; not in Pulumi's types. */
const withLocalStorage = Reflect.get(state, "withLocalStorage") as <T>(program: () => Promise<T>) => Promise<T>;

/** What Pulumi keeps of a run; not in its types. */
const storeOfRun = Reflect.get(state, "getStore") as () => { settings: { monitor: unknown } };

/** Runs a program as the Automation API runs an inline one: in this process, with settings of its own. */
function run<T>(program: () => Promise<T>, configuration: Record<string, string> = {}): Promise<T> {
  return withLocalStorage(async () => {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ name, inputs }) => ({ id: name, state: inputs as Record<string, unknown> }),
        call: () => ({}),
      },
      "shop",
      "dev",
      true,
    );
    pulumi.runtime.setAllConfig(configuration, ["livePlatform:accessToken"]);
    return program();
  });
}

/** Declares a tenant and gives the context with which the plugin would hear of it. */
async function contextOf(tenantId: string): Promise<Context> {
  const foo = new TenantServiceLicenses(tenantId, { tenantId, groupServices: { "Hunt Group": 1 } });
  const context: unknown = await new Promise((resolve) => {
    foo.urn.apply(() => {
      (Reflect.get(foo, "__context") as pulumi.Output<unknown>).apply(resolve);
    });
  });
  return context as Context;
}

describe("what a program remembers", () => {
  it("belongs to one run: a second run in the process reads nothing of the first ahead", async () => {
    await run(() => Promise.all([contextOf("foo"), contextOf("bar")]));
    const { readAhead } = await run(() => contextOf("foo"));
    assert.equal(readAhead, '["foo"]');
  });

  it("belongs to one run where two run at the same time", async () => {
    const contexts = await Promise.all(["foo", "bar"].map((tenantId) => run(() => contextOf(tenantId))));
    assert.deepEqual(
      contexts.map(({ readAhead }) => readAhead),
      ['["foo"]', '["bar"]'],
    );
  });

  describe("of customers that it looked up", () => {
    const platforms: { readonly close: () => Promise<unknown> }[] = [];
    afterEach(async () => {
      await Promise.all(platforms.splice(0).map((platform) => platform.close()));
    });

    /** Under mocks nothing would be looked up: a run that declares nothing needs no engine that answers. */
    const runUnmocked = <T>(program: () => Promise<T>, configuration?: Record<string, string>): Promise<T> =>
      run(() => {
        storeOfRun().settings.monitor = {};
        return program();
      }, configuration);

    /** A platform whose list is answered by `answer`; gives the configuration of a stack that uses it. */
    async function platform(answer: (response: ServerResponse, call: number) => void): Promise<Record<string, string>> {
      let calls = 0;
      const server = createServer((_request: IncomingMessage, response) => {
        calls += 1;
        answer(response, calls);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      platforms.push({ close: () => new Promise((resolve) => server.close(resolve)) });
      return {
        "livePlatform:baseUrl": `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        "livePlatform:accessToken": "token",
        "livePlatform:maxRetries": "0",
      };
    }

    const list = (response: ServerResponse, licensedUsersCount: number): void => {
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify([
          {
            UmpCustomerGuid: GUID,
            CustomerShortName: "contoso",
            CustomerFullName: "Contoso",
            LicenseType: 5,
            LicensedUsersCount: licensedUsersCount,
            ActiveUserCount: 1,
          },
        ]),
      );
    };

    const countOf = async (): Promise<number | null> =>
      (await getCustomer({ shortName: "contoso" })).licensedUsersCount;

    it("one list serves all lookups of a run, and none of a stack with another platform", async () => {
      const answered: number[] = [];
      const [west, east] = await Promise.all(
        [10, 20].map((count) =>
          platform((response, call) => {
            answered.push(call);
            list(response, count);
          }),
        ),
      );
      assert.deepEqual(await runUnmocked(() => Promise.all([countOf(), countOf()]), west), [10, 10]);
      assert.deepEqual(await runUnmocked(() => Promise.all([countOf(), countOf()]), east), [20, 20]);
      assert.deepEqual(answered, [1, 1]);
    });

    it("a list that could not be read is asked for again", async () => {
      const flaky = await platform((response, call) => {
        if (call === 1) {
          response.statusCode = 500;
          response.end();
        } else {
          list(response, 30);
        }
      });
      await runUnmocked(async () => {
        await assert.rejects(countOf(), /500/);
        assert.equal(await countOf(), 30);
      }, flaky);
    });
  });
});
