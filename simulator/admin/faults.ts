import { valid } from "../edits";
import { json } from "../exchange";
import { faultRuleSchema } from "../faults";
import type { Simulation } from "../simulation";
import { bodyOf, done } from "./request";
import type { AdminRoute } from "./routes";

/** What is to go wrong. */
export function faultRoutes({ faults }: Simulation): readonly AdminRoute[] {
  return [
    {
      method: "POST",
      url: "/faults",
      endpoint: (call) => json(200, { id: faults.add(valid(faultRuleSchema.safeParse(bodyOf(call)))) }),
    },
    { method: "GET", url: "/faults", endpoint: () => json(200, faults.list()) },
    {
      method: "DELETE",
      url: "/faults",
      endpoint: () => {
        faults.clear();
        return done();
      },
    },
  ];
}
