import * as pulumi from "@pulumi/pulumi";
import { claimOf } from "../../customer/claim";
import type { ProgramResource } from "./registration";

/** What is particular to customers in a program. */
export const customer: ProgramResource = {
  system: "livePlatform",
  plainValues: ({ customerGuid, applicationClientId }) => {
    const guid = typeof customerGuid === "string" ? customerGuid.toLowerCase() : undefined;
    return {
      claims: [claimOf(guid ?? null)],
      // Without an App Registration, the list of all customers tells enough.
      readAhead: applicationClientId === undefined ? undefined : guid,
    };
  },
  idOf: (id) => pulumi.output(id).apply((guid) => guid.toLowerCase()),
};
