import { z } from "zod";

import { EditError, valid } from "../edits";
import { json } from "../exchange";
import type { Simulation } from "../simulation";
import { done, queryOf } from "./request";
import type { AdminRoute } from "./routes";

const sinceSchema = z.strictObject({ since: z.coerce.number().int().default(0) });
const rawSchema = z.strictObject({ n: z.coerce.number().int() });

/** The log of requests. */
export function journalRoutes({ journal }: Simulation): readonly AdminRoute[] {
  return [
    {
      method: "GET",
      url: "/requests",
      endpoint: (call) => json(200, journal.since(valid(sinceSchema.safeParse(queryOf(call))).since)),
    },
    {
      method: "DELETE",
      url: "/requests",
      endpoint: () => {
        journal.clear();
        return done();
      },
    },
    {
      method: "GET",
      url: "/requests/raw",
      endpoint: (call) => {
        const { n } = valid(rawSchema.safeParse(queryOf(call)));
        const raw = journal.raw(n);
        if (raw === undefined) {
          throw new EditError(404, `There is no request ${n}.`);
        }
        return { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: raw };
      },
    },
  ];
}
