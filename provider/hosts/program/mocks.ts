import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";

/** Whether this is a unit test of a program, with `pulumi.runtime.setMocks`. */
export function isMocked(): boolean {
  return pulumi.runtime.getMonitor() instanceof MockMonitor;
}

/** What the mocks of a unit test answer to a function, called by its name in the native plugin. */
export async function callMock<T>(
  name: string,
  args: object,
  provider: pulumi.ProviderResource | undefined,
): Promise<T> {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- a mock answers what the test says
  return await pulumi.runtime.invoke(
    `voice-licenses:index:${name}`,
    { ...args },
    provider === undefined ? {} : { provider },
  );
}
