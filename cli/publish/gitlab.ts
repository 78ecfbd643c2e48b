import { z } from "zod";
import type { Clock } from "../../provider/time/clock";
import { DRIFT_LABEL, type Forge, type PipelineEnvironment } from "./forge";
import { Rest } from "./rest";

const author = z.object({ id: z.number() });
const notes = z.array(z.object({ id: z.number(), body: z.string().nullish(), author: author.nullish() }));
const issues = z.array(z.object({ iid: z.number(), title: z.string() }));

/** In a note, where GitLab counts characters, or a description, where it counts bytes: 1,048,576 of them. */
const MOST_BYTES = 1_000_000;

/**
 * GitLab, as a pipeline sees it. A job's own token may not write notes and issues, so `GITLAB_TOKEN` has to be given.
 * @see https://docs.gitlab.com/api/notes and https://docs.gitlab.com/api/issues
 */
export function gitLab(environment: PipelineEnvironment, clock: Clock): Forge {
  const token = environment.required("GITLAB_TOKEN");
  const rest = new Rest({
    name: "GitLab",
    baseUrl: environment.required("CI_API_V4_URL"),
    baseUrlVariable: "CI_API_V4_URL",
    headers: { "PRIVATE-TOKEN": token },
    secrets: [token],
    clock,
  });
  const project = `/projects/${environment.required("CI_PROJECT_ID")}`;

  const ownId = async (): Promise<number | undefined> => {
    const me = await rest.call("ask whose token this is", "GET", "/user").catch(() => undefined);
    const parsed = author.safeParse(me);
    return parsed.success ? parsed.data.id : undefined;
  };

  return {
    repair: "run a pipeline on the default branch, with the variable `REFRESH` set to `true`",
    run: environment.optional("CI_JOB_URL"),

    fits: (body) => Buffer.byteLength(body) <= MOST_BYTES,
    issueBody: (markdown) => markdown,

    async comment(mark, body) {
      const request = environment.optional("CI_MERGE_REQUEST_IID");
      if (request === undefined) {
        return "This pipeline is not about a merge request: nothing to comment on.";
      }
      const doing = `comment on merge request ${request}`;
      // The pipeline of a fork runs there; what is asked to be merged, and where, is another project.
      const target = `/projects/${environment.required("CI_MERGE_REQUEST_PROJECT_ID")}`;
      const path = `${target}/merge_requests/${request}/notes`;
      const marked = notes.parse(await rest.rows(doing, path)).filter((note) => note.body?.startsWith(mark) === true);
      const id = marked.length === 0 ? undefined : await ownId();
      const own = marked.find((note) => note.author === undefined || (id !== undefined && note.author?.id === id));
      if (own === undefined) {
        await rest.call(doing, "POST", path, { body });
        return `Commented on !${request}.`;
      }
      await rest.call(doing, "PUT", `${path}/${own.id}`, { body });
      return `Updated the comment on !${request}.`;
    },

    async findIssue(title) {
      const path = `${project}/issues?state=opened&labels=${DRIFT_LABEL}`;
      const rows = issues.parse(await rest.rows("look for the drift issue", path));
      return rows.find((row) => row.title === title)?.iid.toString();
    },
    async openIssue(title, description) {
      const issue = { title, description, labels: DRIFT_LABEL };
      const opened = await rest.call("open the drift issue", "POST", `${project}/issues`, issue);
      return `Opened issue #${z.object({ iid: z.number() }).parse(opened).iid}.`;
    },
    async updateIssue(id, description) {
      await rest.call("update the drift issue", "PUT", `${project}/issues/${id}`, { description });
      return `Updated issue #${id}.`;
    },
    async closeIssue(id) {
      await rest.call("close the drift issue", "PUT", `${project}/issues/${id}`, { state_event: "close" });
      return `Closed issue #${id}: no drift any more.`;
    },
  };
}
