import assert from "node:assert/strict";
import { leaveOutPromiseTraces } from "../../provider/hosts/program/promise-traces";

describe("the traces of promises", () => {
  const limit = Error.stackTraceLimit;
  afterEach(() => {
    delete process.env["PULUMI_DEBUG_PROMISE_LEAKS"];
    Error.stackTraceLimit = limit;
  });

  it("are left out for as long as it takes to register", () => {
    const restore = leaveOutPromiseTraces();
    assert.equal(new Error("x").stack, "Error: x");
    restore();
    assert.equal(Error.stackTraceLimit, limit);
  });

  it("are there where Pulumi is asked to show them", () => {
    process.env["PULUMI_DEBUG_PROMISE_LEAKS"] = "1";
    const restore = leaveOutPromiseTraces();
    assert.match(new Error("x").stack ?? "", /promise-traces\.test\.ts/);
    restore();
  });

  it("an error that came meanwhile tells its place all the same", () => {
    const restore = leaveOutPromiseTraces();
    const error = new Error("no name");
    assert.equal(restore(error), error);
    assert.match(error.stack ?? "", /no name\n[^]*promise-traces\.test\.ts/);
    assert.equal(restore("text"), "text");
  });
});
