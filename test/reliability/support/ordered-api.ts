import { type ApiAnswer, type ApiCall, HttpApi } from "../../../provider/systems/transport/http-api";
import { createRedactor } from "../../../provider/systems/transport/redact";
import { type Clock, unlessAborted } from "../../../provider/time/clock";
import type { Order } from "./order";

/** What a system answers, or that no answer comes of it. */
export interface OrderedAnswer {
  readonly status: number;
  readonly json?: unknown;
  readonly cookies?: readonly string[];
}

/** A call that was answered; its moments are numbers that grow. */
export interface Exchange {
  readonly call: ApiCall;
  readonly began: number;
  readonly ended: number;
}

/** A host without a connection: a call reaches it, and its answer comes back, when the order says so. */
export class OrderedApi extends HttpApi {
  /** In the order in which the answers came. */
  public readonly exchanges: Exchange[] = [];
  private moments = 0;

  public constructor(
    private readonly order: Order,
    clock: Clock,
    /** What the host does when a call reaches it. @throws what the caller is to get. */
    private readonly serve: (call: ApiCall) => OrderedAnswer,
  ) {
    super({
      name: "host",
      baseUrl: "https://host.example.com",
      baseUrlKey: "host:baseUrl",
      caFileKey: "host:caFile",
      requestTimeoutMs: 5000,
      maxRetries: 0,
      maxConcurrency: 16,
      clock,
      redactor: createRedactor(),
    });
  }

  public override async send(call: ApiCall): Promise<ApiAnswer> {
    const began = this.moment();
    const answer = await unlessAborted(this.deliver(call), call.signal);
    this.exchanges.push({ call, began, ended: this.moment() });
    return answer;
  }

  /** This moment, as a number that is greater than that of any before. */
  public moment(): number {
    this.moments += 1;
    return this.moments;
  }

  private async deliver(call: ApiCall): Promise<ApiAnswer> {
    await this.order.step(`arrives: ${call.method} ${call.path}`);
    const { answer, failure } = this.reach(call);
    await this.order.step(`is answered: ${call.method} ${call.path}`);
    if (answer === undefined) {
      throw failure;
    }
    return {
      kind: "answered",
      call,
      status: answer.status,
      headers: {},
      text: JSON.stringify(answer.json ?? {}),
      json: answer.json,
      cookies: answer.cookies ?? [],
      hostTime: Date.parse("2026-03-01T12:00:00Z"),
      retryAfterMs: undefined,
      mayBeDone: false,
    };
  }

  private reach(call: ApiCall): { readonly answer?: OrderedAnswer; readonly failure?: unknown } {
    try {
      return { answer: this.serve(call) };
    } catch (failure) {
      return { failure };
    }
  }
}
