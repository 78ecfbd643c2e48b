import assert from "node:assert/strict";
import { isNightly } from "../support/extent";
import { followPage, writesTo } from "./support/follow-page";
import { TestStack } from "./support/stack";

/** In the nightly form only: other tests take most of the same steps. */
const nightly = isNightly ? it : it.skip;

describe("the pages, followed word by word in an empty folder", function () {
  this.timeout(300_000);
  let stack: TestStack;
  afterEach(() => stack.close());

  it("README.md: a first project, as a program and as a file", async () => {
    stack = await TestStack.create();
    await stack.admin("PATCH", "/settings", { taskDuration: "500ms" });
    await followPage(stack, [{ page: "README.md", headings: ["A first project"] }]);
    assert.deepEqual(await writesTo(stack), [
      "PATCH /tenantui/api/v3/customer/…",
      "POST /tenantui/api/v2/customer/…/action/upgrade",
      "PUT /api/v1/tenants/foo/licenses/",
    ]);
  });

  nightly("docs/getting-started.md: one tenant is adopted, and changed by one PUT", async () => {
    stack = await TestStack.create();
    await followPage(stack, [{ page: "docs/getting-started.md" }]);
    assert.deepEqual(await writesTo(stack), ["PUT /api/v1/tenants/foo/licenses/"]);
  });

  nightly("docs/gitops.md: a fleet is exported, adopted, braked, changed and repaired", async () => {
    stack = await TestStack.create();
    await followPage(stack, [{ page: "docs/gitops.md" }]);
    assert.deepEqual(await writesTo(stack), ["PATCH /tenantui/api/v3/customer/…", "PUT /api/v1/tenants/bar/licenses/"]);
  });
});
