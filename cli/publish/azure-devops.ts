import { z } from "zod";
import type { Clock } from "../../provider/time/clock";
import { DRIFT_LABEL, type Forge, type PipelineEnvironment } from "./forge";
import { toPlainText } from "./plain-text";
import { Rest } from "./rest";

const author = z.object({ id: z.string() });
const threads = z.object({
  value: z.array(
    z.object({
      id: z.number(),
      comments: z
        .array(z.object({ id: z.number(), content: z.string().nullish(), author: author.nullish() }))
        .nullish(),
    }),
  ),
});
const found = z.object({ workItems: z.array(z.object({ id: z.number() })) });
/** In a comment; a work item takes more. */
const MOST_CHARACTERS = 150_000;
const VERSION = "api-version=7.1";
const JSON_PATCH = "application/json-patch+json";

/**
 * Azure DevOps, as a pipeline sees it: threads of pull requests, and work items. `WORK_ITEM_TYPE` (default `Issue`) and
 * `WORK_ITEM_CLOSED_STATE` (default `Done`) fit other processes than Basic.
 * @see https://learn.microsoft.com/rest/api/azure/devops
 */
export function azureDevOps(environment: PipelineEnvironment, clock: Clock): Forge {
  const token = environment.required("SYSTEM_ACCESSTOKEN");
  const collection = environment.required("SYSTEM_COLLECTIONURI").replace(/\/$/, "");
  const rest = new Rest({
    name: "Azure DevOps",
    baseUrl: collection,
    baseUrlVariable: "SYSTEM_COLLECTIONURI",
    headers: { Authorization: `Bearer ${token}` },
    secrets: [token],
    clock,
  });
  const project = `/${encodeURIComponent(environment.required("SYSTEM_TEAMPROJECT"))}`;
  const build = environment.optional("BUILD_BUILDID");
  const closedState = environment.optional("WORK_ITEM_CLOSED_STATE") ?? "Done";
  const workItem = async (doing: string, id: string, fields: Readonly<Record<string, string>>): Promise<void> => {
    await rest.call(doing, "PATCH", `${project}/_apis/wit/workitems/${id}?${VERSION}`, patch(fields), JSON_PATCH);
  };

  const ownId = async (): Promise<string | undefined> => {
    const me = await rest.call("ask whose token this is", "GET", "/_apis/connectionData").catch(() => undefined);
    const parsed = z.object({ authenticatedUser: author }).safeParse(me);
    return parsed.success ? parsed.data.authenticatedUser.id : undefined;
  };

  return {
    repair: "run the pipeline by hand on the main branch, with `Repair what has drifted`",
    run: build === undefined ? undefined : `${collection}${project}/_build/results?buildId=${build}`,

    fits: (body) => body.length <= MOST_CHARACTERS,
    issueBody: toHtml,

    async comment(mark, content) {
      const request = environment.optional("SYSTEM_PULLREQUEST_PULLREQUESTID");
      if (request === undefined) {
        return "This pipeline is not about a pull request: nothing to comment on.";
      }
      const doing = `comment on pull request ${request}`;
      const repository = environment.required("BUILD_REPOSITORY_ID");
      const path = `${project}/_apis/git/repositories/${repository}/pullRequests/${request}/threads`;
      const { value } = threads.parse(await rest.call(doing, "GET", `${path}?${VERSION}`));
      const marked = value.flatMap(({ id, comments }) => {
        const [first] = comments ?? [];
        return first?.content?.startsWith(mark) === true ? [{ thread: id, first }] : [];
      });
      const id = marked.length === 0 ? undefined : await ownId();
      const own = marked.find(
        ({ first }) => first.author === undefined || (id !== undefined && first.author?.id === id),
      );
      if (own === undefined) {
        const comments = [{ parentCommentId: 0, content, commentType: "text" }];
        await rest.call(doing, "POST", `${path}?${VERSION}`, { comments, status: "closed" });
        return `Commented on pull request ${request}.`;
      }
      await rest.call(doing, "PATCH", `${path}/${own.thread}/comments/${own.first.id}?${VERSION}`, { content });
      return `Updated the comment on pull request ${request}.`;
    },

    async findIssue(title) {
      const query =
        "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project " +
        `AND [System.Tags] CONTAINS '${DRIFT_LABEL}' AND [System.Title] = ${quoted(title)} AND [System.State] <> ${quoted(closedState)}`;
      const path = `${project}/_apis/wit/wiql?${VERSION}`;
      const { workItems } = found.parse(await rest.call("look for the drift work item", "POST", path, { query }));
      return workItems[0]?.id.toString();
    },
    async openIssue(title, body) {
      const type = encodeURIComponent(environment.optional("WORK_ITEM_TYPE") ?? "Issue");
      const fields = { Title: title, Description: body, Tags: DRIFT_LABEL };
      const path = `${project}/_apis/wit/workitems/$${type}?${VERSION}`;
      const opened = await rest.call("open the drift work item", "POST", path, patch(fields), JSON_PATCH);
      return `Opened work item ${z.object({ id: z.number() }).parse(opened).id}.`;
    },
    async updateIssue(id, body) {
      await workItem("update the drift work item", id, { Description: body });
      return `Updated work item ${id}.`;
    },
    async closeIssue(id) {
      await workItem("close the drift work item", id, { State: closedState });
      return `Closed work item ${id}: no drift any more.`;
    },
  };
}

function patch(fields: Readonly<Record<string, string>>): object[] {
  return Object.entries(fields).map(([name, value]) => ({ op: "add", path: `/fields/System.${name}`, value }));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A work item's description is HTML, which would show Markdown as it is written. */
function toHtml(markdown: string): string {
  return `<pre>${toPlainText(markdown).replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</pre>`;
}
