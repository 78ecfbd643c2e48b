import { z } from "zod";
import type { Clock } from "../../provider/time/clock";
import { DRIFT_LABEL, type Forge, type PipelineEnvironment } from "./forge";
import { Rest } from "./rest";

const author = z.object({ login: z.string(), type: z.string().optional() });
const comments = z.array(z.object({ id: z.number(), body: z.string().nullish(), user: author.nullish() }));
const issues = z.array(z.object({ number: z.number(), title: z.string(), pull_request: z.unknown().optional() }));

/** In a comment or an issue. */
const MOST_CHARACTERS = 65_536;

/** The account of a workflow's own token, which may not ask who it is. */
const WORKFLOW_ACCOUNT = "github-actions[bot]";

/** GitHub, as a workflow sees it. @see https://docs.github.com/rest/issues */
export function gitHub(environment: PipelineEnvironment, clock: Clock): Forge {
  const token = environment.required("GITHUB_TOKEN");
  const repository = environment.required("GITHUB_REPOSITORY");
  const rest = new Rest({
    name: "GitHub",
    baseUrl: environment.required("GITHUB_API_URL"),
    baseUrlVariable: "GITHUB_API_URL",
    headers: { Authorization: `Bearer ${token}`, Accept: "application/vnd.github+json" },
    secrets: [token],
    clock,
  });
  const below = `/repos/${repository}`;
  const server = environment.optional("GITHUB_SERVER_URL");
  const run = environment.optional("GITHUB_RUN_ID");

  const ownName = async (): Promise<string> => {
    const me = await rest.call("ask whose token this is", "GET", "/user").catch(() => undefined);
    const parsed = author.safeParse(me);
    return parsed.success ? parsed.data.login : WORKFLOW_ACCOUNT;
  };

  return {
    repair: "run the workflow by hand on the main branch, with `repair`",
    run: server === undefined || run === undefined ? undefined : `${server}/${repository}/actions/runs/${run}`,

    fits: (body) => body.length <= MOST_CHARACTERS,
    issueBody: (markdown) => markdown,

    async comment(mark, body) {
      const ref = environment.required("GITHUB_REF");
      const request = /^refs\/pull\/(\d+)\//.exec(ref)?.[1];
      if (request === undefined) {
        return `This run is about ${ref}, not a pull request: nothing to comment on.`;
      }
      const doing = `comment on pull request ${request}`;
      const marked = comments
        .parse(await rest.rows(doing, `${below}/issues/${request}/comments`))
        .filter((comment) => comment.body?.startsWith(mark) === true);
      const name = marked.length === 0 ? "" : await ownName();
      const own = marked.find(({ user }) => user === undefined || user?.login === name);
      if (own === undefined) {
        await rest.call(doing, "POST", `${below}/issues/${request}/comments`, { body });
        return `Commented on #${request}.`;
      }
      await rest.call(doing, "PATCH", `${below}/issues/comments/${own.id}`, { body });
      return `Updated the comment on #${request}.`;
    },

    async findIssue(title) {
      const rows = issues.parse(
        await rest.rows("look for the drift issue", `${below}/issues?state=open&labels=${DRIFT_LABEL}`),
      );
      // To this API a pull request is an issue too.
      return rows.find((row) => row.title === title && row.pull_request === undefined)?.number.toString();
    },
    async openIssue(title, body) {
      const issue = { title, body, labels: [DRIFT_LABEL] };
      const opened = await rest.call("open the drift issue", "POST", `${below}/issues`, issue);
      return `Opened issue #${z.object({ number: z.number() }).parse(opened).number}.`;
    },
    async updateIssue(id, body) {
      await rest.call("update the drift issue", "PATCH", `${below}/issues/${id}`, { body });
      return `Updated issue #${id}.`;
    },
    async closeIssue(id) {
      const body = { state: "closed", state_reason: "completed" };
      await rest.call("close the drift issue", "PATCH", `${below}/issues/${id}`, body);
      return `Closed issue #${id}: no drift any more.`;
    },
  };
}
