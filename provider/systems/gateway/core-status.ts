import * as z from "zod";
import { anyCase } from "../transport/any-case";
import { CORE_PATH } from "./core-login";
import type { HttpApi } from "../transport/http-api";

/** A gateway behind APIO Core: its name, and where its paths begin. */
export interface CoreGateway {
  readonly name: string;
  readonly prefix: string;
}

/** What APIO Core says of itself to anyone. */
export interface CoreStatus {
  /** `ok`, or its own word for its trouble. */
  readonly health: string;
  /** The gateways behind it; `undefined` where it does not show them. */
  readonly gateways: readonly CoreGateway[] | undefined;
}

const healthAnswer = anyCase({ status: z.string() });
const gatewayRow = anyCase({ name: z.string().nullish(), prefix: z.string().min(1) });
const configurationAnswer = anyCase({ gateways: z.array(gatewayRow) });

/**
 * Asks APIO Core how it is, without logging in; `undefined` where there is none at this address.
 * @throws {ApiError} where it cannot be reached, or is in trouble.
 */
export async function readCoreStatus(http: HttpApi, signal: AbortSignal): Promise<CoreStatus | undefined> {
  const read = (path: string, doing: string): ReturnType<HttpApi["send"]> =>
    http.send({ method: "GET", path: CORE_PATH + path, repetition: "repeatable", doing, signal });
  const answer = await read("/health", "read the health of APIO Core");
  const health = healthAnswer.safeParse(answer.json);
  if (answer.status === 404 || (answer.status === 200 && !health.success)) {
    return undefined;
  }
  if (!health.success) {
    throw http.unexpected(answer);
  }
  const configuration = await read("/system/configuration/public", "read the gateways of APIO Core");
  const gateways = configurationAnswer.safeParse(configuration.json);
  return {
    health: health.data.status,
    gateways:
      configuration.status === 200 && gateways.success
        ? gateways.data.gateways.map(({ name, prefix }) => ({ name: name ?? prefix, prefix }))
        : undefined,
  };
}

/** The setting `apiPath` for a gateway, whether Core gives its prefix whole (`/api/v01/p1/`) or by its own name (`p1`). */
export function apiPathOf({ prefix }: CoreGateway): string {
  const name = prefix.replaceAll(/^\/+|\/+$/g, "");
  return name.startsWith(CORE_PATH.slice(1)) ? `/${name}` : `${CORE_PATH}/${name}`;
}
