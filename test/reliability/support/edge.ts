import type { Properties } from "../../../provider/resource/properties";
import type { EngineProcess } from "../../../provider/resource/engine-process";
import type { Clock } from "../../../provider/time/clock";
import type { RequestTap } from "./request-tap";

/** The ways in which Pulumi reaches the resources. */
export type EdgeName = "dynamic" | "native";

/** What a plugin process finds around it. */
export interface Surroundings {
  readonly clock: Clock;
  /** Where the engine listens. */
  readonly engine: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly configuration: Readonly<Record<string, string>>;
  /** Where its requests go. */
  readonly tap: RequestTap;
  /** The CLI that the engine runs in. */
  readonly cli: EngineProcess;
  /** Where the processes of the run meet. */
  readonly meetingFolder: string;
  /** Shows a text. */
  readonly say: (text: string) => void;
}

/** Which resource of a program a call is about. */
export interface Resource {
  readonly name: string;
  readonly type: "customer" | "tenant";
}

/** A resource as it lies in state. */
export interface Held {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** What a run says of a resource beside its inputs. */
export interface Registration {
  readonly isPreview: boolean;
}

/** A failure of a call: all that people are shown of it, and the state that it leaves behind. */
export interface Failure {
  readonly shown: string;
  readonly partial:
    { readonly id: string; readonly properties: Properties; readonly reasons: readonly string[] } | undefined;
}

/** A resource that a program has made. */
export interface Made extends Resource {
  readonly inputs: Properties;
}

/** A plugin of one of the two edges, in a process of its own, as the model of the engine drives it. */
export interface Edge {
  /** Hands over the provider's configuration, which the engine has checked first where a program runs. */
  configure(isChecked: boolean): Promise<void>;
  /** The program has made these resources; the engine checks them one by one. */
  announce(program: readonly Made[]): void;
  check(
    resource: Resource,
    oldInputs: Properties,
    inputs: Properties,
    registration: Registration,
  ): Promise<{ inputs: Properties; failures: readonly { property: string; reason: string }[] }>;
  diff(resource: Resource, state: Held, inputs: Properties): Promise<{ changes: boolean; replaces: readonly string[] }>;
  /** Plans a step of a preview. */
  preview(resource: Resource, state: Held | undefined, inputs: Properties): Promise<void>;
  create(resource: Resource, inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  update(resource: Resource, state: Held, inputs: Properties): Promise<Properties>;
  /** The id is empty where the object is gone. */
  read(resource: Resource, state: Held): Promise<Held>;
  delete(resource: Resource, state: Held): Promise<void>;
  /** Ctrl-C. */
  cancel(): Promise<void>;
  /** What a rejection of one of these calls means. */
  failure(error: unknown): Failure;
  /** Ends the process. */
  stop(): void;
}
