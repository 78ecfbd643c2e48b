/** Where code, change requests and issues live: GitHub, GitLab or Azure DevOps. */
export interface Forge {
  /**
   * Writes the comment that begins with `mark` on the change request of this run: replaces an earlier one of our own, never one of
   * somebody else. Returns what was done, or that this run is not about a change request.
   */
  comment(mark: string, text: string): Promise<string>;
  /** The id of the open issue with this title, or `undefined`. */
  findIssue(title: string): Promise<string | undefined>;
  /** Opens an issue; returns what was done. */
  openIssue(title: string, text: string): Promise<string>;
  updateIssue(id: string, text: string): Promise<string>;
  closeIssue(id: string): Promise<string>;
  /** How a person has the pipeline repair drift, as a half sentence. */
  readonly repair: string;
  /** The address of this run. */
  readonly run: string | undefined;
}

/** The label or tag of drift issues. */
export const DRIFT_LABEL = "voice-licenses-drift";

/** Reads the environment of a pipeline. */
export class PipelineEnvironment {
  public constructor(private readonly variables: Readonly<Record<string, string | undefined>>) {}

  public optional(name: string): string | undefined {
    const value = this.variables[name];
    return value === undefined || value === "" ? undefined : value;
  }

  /** @throws where the variable is not set. */
  public required(name: string): string {
    const value = this.optional(name);
    if (value === undefined) {
      throw new Error(`${name} is not set: run \`npx pulumi-voice-licenses help publish\` for what it needs.`);
    }
    return value;
  }
}
