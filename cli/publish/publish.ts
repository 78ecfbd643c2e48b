import { type Clock, systemClock } from "../../provider/time/clock";
import { azureDevOps } from "./azure-devops";
import { bounded } from "./bounded";
import { type Forge, PipelineEnvironment } from "./forge";
import { gitHub } from "./github";
import { gitLab } from "./gitlab";
import { postToWebhook, type WebhookFormat, type WebhookMessage } from "./webhook";

/** Where to publish. */
export const TARGETS = ["github", "gitlab", "azure", "webhook"] as const;
type Target = (typeof TARGETS)[number];

/** What to publish, and for whom. */
export interface Publication {
  /** A comment on the change request; the drift issue, opened or updated; or that issue closed. */
  readonly what: "comment" | "drift" | "clean";
  /** Markdown; empty for `clean`. */
  readonly text: string;
  /** Where to; by the environment where it is not given. */
  readonly to?: Target | undefined;
  /** Which of several stacks or parts it is about, a short word: each has a comment and an issue of its own. */
  readonly part?: string | undefined;
  /** The form of a webhook's message; by its address where it is not given. */
  readonly format?: WebhookFormat | undefined;
}

const FORGES: Readonly<Record<Exclude<Target, "webhook">, (environment: PipelineEnvironment, clock: Clock) => Forge>> =
  {
    github: gitHub,
    gitlab: gitLab,
    azure: azureDevOps,
  };

/**
 * Publishes a report where people see it, and returns what was done.
 * @throws where the target cannot be told, a variable is missing, or the target refuses.
 */
export async function publish(
  publication: Publication,
  variables: Readonly<Record<string, string | undefined>>,
  clock: Clock = systemClock,
): Promise<string> {
  const environment = new PipelineEnvironment(variables);
  const target = publication.to ?? targetHere(environment);
  const part = publication.part ?? environment.optional("PART") ?? environment.optional("SHARD");
  const name = part === undefined ? "" : ` (${part})`;
  if (target === "webhook") {
    return toWebhook(publication, environment, name, clock);
  }
  const forge = FORGES[target](environment, clock);
  const toFit = (finish: (markdown: string) => string): string =>
    bounded(publication.text, (markdown) => {
      const body = finish(markdown);
      return { body, fits: forge.fits(body) };
    });
  const title = `Voice licences have drifted${name}`;
  if (publication.what === "comment") {
    const mark = `<!-- voice-licenses${part === undefined ? "" : ` ${part}`} -->`;
    return forge.comment(
      mark,
      toFit((markdown) => `${mark}\n${markdown}`),
    );
  }
  const issue = await forge.findIssue(title);
  if (publication.what === "clean") {
    return issue === undefined ? "No drift, and no open issue." : forge.closeIssue(issue);
  }
  const body = toFit((markdown) => forge.issueBody(`${markdown.trimEnd()}\n\n${whatToDo(forge)}\n`));
  return issue === undefined ? forge.openIssue(title, body) : forge.updateIssue(issue, body);
}

function whatToDo({ repair, run }: Forge): string {
  const source = run === undefined ? "" : ` Found by ${run}`;
  return `To repair it: ${repair}. To accept the change: edit the fleet file until it agrees.${source}`;
}

function targetHere(environment: PipelineEnvironment): Target {
  if (environment.optional("GITHUB_ACTIONS") === "true") {
    return "github";
  }
  if (environment.optional("GITLAB_CI") === "true") {
    return "gitlab";
  }
  if (environment.optional("TF_BUILD") === "True") {
    return "azure";
  }
  if (environment.optional("VOICE_LICENSES_WEBHOOK_URL") !== undefined) {
    return "webhook";
  }
  throw new Error(
    "This is not a job of GitHub Actions, GitLab CI or Azure Pipelines: name the target with --to, or set VOICE_LICENSES_WEBHOOK_URL.",
  );
}

async function toWebhook(
  { what, text, format }: Publication,
  environment: PipelineEnvironment,
  name: string,
  clock: Clock,
): Promise<string> {
  if (what === "clean") {
    return "No drift: nothing to post.";
  }
  const address = environment.required("VOICE_LICENSES_WEBHOOK_URL");
  const message: WebhookMessage = {
    kind: what,
    title: what === "drift" ? `Voice licences have drifted${name}` : `Voice licences: a change to review${name}`,
    text,
    run: runHere(environment),
  };
  return postToWebhook(address, format, message, clock);
}

/** The address of this run, on whichever forge it runs. */
function runHere(environment: PipelineEnvironment): string | undefined {
  const [server, repository, id] = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"].map((variable) =>
    environment.optional(variable),
  );
  return server !== undefined && repository !== undefined && id !== undefined
    ? `${server}/${repository}/actions/runs/${id}`
    : environment.optional("CI_JOB_URL");
}
