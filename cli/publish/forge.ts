/** Where code, change requests and issues live: GitHub, GitLab or Azure DevOps. */
export interface Forge {
  /**
   * Writes `body`, which begins with `mark`, as a comment on the change request of this run: replaces an earlier one of our own, never
   * one of somebody else. Returns what was done, or that this run is not about a change request.
   */
  comment(mark: string, body: string): Promise<string>;
  /** The id of the open issue with this title, or `undefined`. */
  findIssue(title: string): Promise<string | undefined>;
  /** Markdown in the form in which this forge holds the text of an issue. */
  issueBody(markdown: string): string;
  /** Opens an issue; returns what was done. */
  openIssue(title: string, body: string): Promise<string>;
  updateIssue(id: string, body: string): Promise<string>;
  closeIssue(id: string): Promise<string>;
  /** Whether a comment or an issue may be as long as this. */
  fits(body: string): boolean;
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
