/** What kind of trouble a call met. */
export type ApiTrouble =
  /** The API answered with a status that is no success. */
  | "status"
  /** The API cannot be reached: no connection, a broken one, or no answer in time. */
  | "unreachable"
  /** The API does not accept the credentials. */
  | "credentials"
  /** An answer came that is not what the API's pages promise. */
  | "unreadable";

/** The facts of a failed call. */
export interface ApiFailure {
  readonly trouble: ApiTrouble;
  /** What was being done, and to which customer or tenant: `read the licence of customer d5…`. */
  readonly doing: string;
  /** Method and path: `GET /tenantui/api/v3/customer/d5…`. */
  readonly call: string;
  /** What happened: `answered 404: "Customer not found"`. */
  readonly happened: string;
  /** What to do next. */
  readonly advice: string;
  readonly status?: number | undefined;
  /** Whether the write may have been processed all the same. */
  readonly lost?: boolean | undefined;
}

/** A call to one of the APIs failed. The message names the object, the call, what the API said and what to do; it holds no secret. */
export class ApiError extends Error {
  public override readonly name = "ApiError";
  public readonly trouble: ApiTrouble;
  /** The HTTP status, where there was an answer. */
  public readonly status: number | undefined;
  /** `true` where the write may have been processed although no usable answer came. */
  public readonly lost: boolean;
  /** The call and what happened to it, without advice: `PATCH /tenantui/api/v3/customer/d5… answered 500: Boom`. */
  public readonly outcome: string;

  public constructor(failure: ApiFailure) {
    const outcome = `${failure.call} ${failure.happened}`;
    super(`Could not ${failure.doing}: ${outcome}. ${failure.advice}`);
    this.outcome = outcome;
    this.trouble = failure.trouble;
    this.status = failure.status;
    this.lost = failure.lost ?? false;
  }
}
