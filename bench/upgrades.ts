import { startSimulator } from "../simulator";
import { BenchStack } from "./bench-stack";
import { idOf } from "./sides";

const TASK = "10s";
const APPLICATION = "0fdc8122-e0b5-43ac-8433-54860113710d";

/** How long upgrades take together, each of which waits for a task of ten seconds: a line for each number of resources at a time. */
export async function measureUpgrades(count: number, parallel: readonly number[]): Promise<string[]> {
  const lines: string[] = [];
  for (const atOnce of parallel) {
    const simulator = await startSimulator({ seed: seedOf(count), taskDuration: TASK });
    const stack = await BenchStack.create("dynamic", simulator.environment);
    try {
      stack.program(programOf(count));
      const { seconds } = await stack.run("up", "--yes", "--skip-preview", "--parallel", String(atOnce));
      lines.push(`${count} upgrades of ${TASK}, ${atOnce} at a time: ${seconds.toFixed(1)} s`);
    } finally {
      stack.remove();
      await simulator.close();
    }
  }
  return lines;
}

function seedOf(count: number): unknown {
  const customers = Array.from({ length: count }, (_, n) => ({
    guid: idOf("customers", n),
    shortName: `customer-${n}`,
    fullName: `Customer ${n}`,
    licenseType: 3,
    licensedUsersCount: 10,
    activeUserCount: 1,
  }));
  return { livePlatform: { customers } };
}

function programOf(count: number): string {
  const guids = Array.from({ length: count }, (_, n) => idOf("customers", n));
  return `
const { CustomerServiceLicense } = require("pulumi-voice-licenses");
for (const [n, customerGuid] of ${JSON.stringify(guids)}.entries()) {
  new CustomerServiceLicense("r" + n, {
    customerGuid,
    licenseType: "OcPro",
    licensedUsersCount: 20,
    applicationClientId: "${APPLICATION}",
    applicationClientSecret: "a-secret-of-the-bench",
  });
}
`;
}
