// @ts-check
// Tells people, on whichever of GitHub, GitLab and Azure DevOps this job runs:
//   node publish.mjs comment FILE   one comment on the change request, written anew each time
//   node publish.mjs drift FILE     one open issue with what has drifted, opened or updated
//   node publish.mjs clean          closes that issue, if one is open
//   PART  which of several stacks or parts this is about, a short word (default: SHARD); each has a comment and an issue of its own
// Needs Node 20 and nothing else. The token comes from the environment, and is shown nowhere.
import { readFile } from "node:fs/promises";
import process from "node:process";
import { setTimeout } from "node:timers/promises";

const part = process.env.PART ?? process.env.SHARD ?? "";
const MARK = `<!-- voice-licenses${part === "" ? "" : ` ${part}`} -->`;
const TITLE = `Voice licences have drifted${part === "" ? "" : ` (${part})`}`;
const LABEL = "voice-licenses-drift";
/** GitHub takes 65,536 characters, which is the least of the three. */
const MOST_CHARACTERS = 60_000;
const PAGE = 100;
const TIMEOUT_MS = 30_000;
const MOST_ATTEMPTS = 3;
const MOST_SECONDS_BETWEEN = 30;

/**
 * @typedef {object} Platform
 * @property {(text: string) => Promise<string>} comment
 * @property {(text: string) => Promise<string>} open
 * @property {(id: string, text: string) => Promise<string>} update
 * @property {(id: string) => Promise<string>} close
 * @property {() => Promise<string | undefined>} find the open issue
 * @property {string} repair how a person has the pipeline repair what has drifted
 * @property {string | undefined} run the address of this job's run
 */

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** @param {readonly string[]} words */
async function main([what, file]) {
  if (!(what === "clean" || ((what === "comment" || what === "drift") && file !== undefined))) {
    throw new Error("usage: publish.mjs comment FILE | drift FILE | clean");
  }
  const platform = platformHere();
  const text = file === undefined ? "" : shortened(await readFile(file, "utf8"));
  if (what === "comment") {
    say(await platform.comment(`${MARK}\n${text}`));
    return;
  }
  const issue = await platform.find();
  if (what === "drift") {
    const whole = `${text.trimEnd()}\n\n${whatToDo(platform)}\n`;
    say(issue === undefined ? await platform.open(whole) : await platform.update(issue, whole));
  } else {
    say(issue === undefined ? "No drift, and no open issue." : await platform.close(issue));
  }
}

/** @param {Platform} platform */
function whatToDo({ repair, run }) {
  const told = run === undefined ? "" : ` Told by ${run}`;
  return `To repair it: ${repair}. To accept what was done: change the fleet file until it says the same.${told}`;
}

/** @returns {Platform} */
function platformHere() {
  if (process.env.GITHUB_ACTIONS === "true") {
    return github();
  }
  if (process.env.GITLAB_CI === "true") {
    return gitlab();
  }
  if (process.env.TF_BUILD === "True") {
    return azure();
  }
  throw new Error("This is no job of GitHub Actions, GitLab CI or Azure Pipelines.");
}

/** @returns {Platform} https://docs.github.com/rest/issues */
function github() {
  const api = rest(`${need("GITHUB_API_URL")}/repos/${need("GITHUB_REPOSITORY")}`, {
    Authorization: `Bearer ${need("GITHUB_TOKEN")}`,
    Accept: "application/vnd.github+json",
  });
  const { GITHUB_SERVER_URL: server, GITHUB_RUN_ID: id } = process.env;
  return {
    repair: "run the workflow by hand on the main branch, with `repair`",
    run: server && id ? `${server}/${need("GITHUB_REPOSITORY")}/actions/runs/${id}` : undefined,
    async comment(text) {
      const request = /^refs\/pull\/(\d+)\//.exec(need("GITHUB_REF"))?.[1];
      if (request === undefined) {
        throw new Error("This job is not about a pull request.");
      }
      const comments = await pages(api, `/issues/${request}/comments`);
      const earlier = comments.find(({ body }) => String(body).startsWith(MARK));
      if (earlier === undefined) {
        await api("POST", `/issues/${request}/comments`, { body: text });
        return `Commented on pull request ${request}.`;
      }
      await api("PATCH", `/issues/comments/${earlier.id}`, { body: text });
      return `Wrote the comment on pull request ${request} anew.`;
    },
    async find() {
      const issues = await pages(api, `/issues?state=open&labels=${LABEL}`);
      // To this API a pull request is an issue too.
      return issues.find(({ title, pull_request }) => title === TITLE && pull_request === undefined)?.number;
    },
    async open(text) {
      const { number } = await api("POST", "/issues", { title: TITLE, body: text, labels: [LABEL] });
      return `Opened issue ${number}.`;
    },
    async update(id, text) {
      await api("PATCH", `/issues/${id}`, { body: text });
      return `Updated issue ${id}.`;
    },
    async close(id) {
      await api("PATCH", `/issues/${id}`, { state: "closed", state_reason: "completed" });
      return `Closed issue ${id}: no drift any more.`;
    },
  };
}

/** @returns {Platform} https://docs.gitlab.com/api/notes and /api/issues; a job's own token may not write these. */
function gitlab() {
  const api = rest(`${need("CI_API_V4_URL")}/projects`, { "PRIVATE-TOKEN": need("GITLAB_TOKEN") });
  const project = need("CI_PROJECT_ID");
  return {
    repair: "run a pipeline on the default branch, with the variable `REFRESH` set to `true`",
    run: process.env.CI_JOB_URL,
    async comment(text) {
      const request = need("CI_MERGE_REQUEST_IID");
      // The pipeline of a fork runs there; what is asked to be merged, and where, is another project.
      const notes = `/${need("CI_MERGE_REQUEST_PROJECT_ID")}/merge_requests/${request}/notes`;
      const earlier = (await pages(api, notes)).find(({ body }) => String(body).startsWith(MARK));
      if (earlier === undefined) {
        await api("POST", notes, { body: text });
        return `Commented on merge request ${request}.`;
      }
      await api("PUT", `${notes}/${earlier.id}`, { body: text });
      return `Wrote the comment on merge request ${request} anew.`;
    },
    async find() {
      const issues = await pages(api, `/${project}/issues?state=opened&labels=${LABEL}`);
      return issues.find(({ title }) => title === TITLE)?.iid;
    },
    async open(text) {
      const { iid } = await api("POST", `/${project}/issues`, { title: TITLE, description: text, labels: LABEL });
      return `Opened issue ${iid}.`;
    },
    async update(id, text) {
      await api("PUT", `/${project}/issues/${id}`, { description: text });
      return `Updated issue ${id}.`;
    },
    async close(id) {
      await api("PUT", `/${project}/issues/${id}`, { state_event: "close" });
      return `Closed issue ${id}: no drift any more.`;
    },
  };
}

/** @returns {Platform} https://learn.microsoft.com/rest/api/azure/devops: pull request threads and work items */
function azure() {
  const project = `${need("SYSTEM_COLLECTIONURI").replace(/\/$/, "")}/${encodeURIComponent(need("SYSTEM_TEAMPROJECT"))}`;
  const api = rest(`${project}/_apis`, { Authorization: `Bearer ${need("SYSTEM_ACCESSTOKEN")}` });
  const version = "api-version=7.1";
  /** @param {Readonly<Record<string, string>>} fields */
  const patch = (fields) =>
    Object.entries(fields).map(([name, value]) => ({ op: "add", path: `/fields/System.${name}`, value }));
  return {
    repair: "run the pipeline by hand on the main branch, with `Repair what has drifted`",
    run: process.env.BUILD_BUILDID ? `${project}/_build/results?buildId=${process.env.BUILD_BUILDID}` : undefined,
    async comment(text) {
      const request = need("SYSTEM_PULLREQUEST_PULLREQUESTID");
      const threads = `/git/repositories/${need("BUILD_REPOSITORY_ID")}/pullRequests/${request}/threads`;
      const { value } = await api("GET", `${threads}?${version}`);
      const earlier = value.find((thread) => String(thread.comments?.[0]?.content).startsWith(MARK));
      if (earlier === undefined) {
        const comments = [{ parentCommentId: 0, content: text, commentType: "text" }];
        await api("POST", `${threads}?${version}`, { comments, status: "closed" });
        return `Commented on pull request ${request}.`;
      }
      const comment = `${threads}/${earlier.id}/comments/${earlier.comments[0].id}`;
      await api("PATCH", `${comment}?${version}`, { content: text });
      return `Wrote the comment on pull request ${request} anew.`;
    },
    async find() {
      const query =
        "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project " +
        `AND [System.Tags] CONTAINS '${LABEL}' AND [System.Title] = '${TITLE.replaceAll("'", "''")}' AND [System.State] <> '${closedState()}'`;
      const { workItems } = await api("POST", `/wit/wiql?${version}`, { query });
      return workItems[0]?.id;
    },
    async open(text) {
      const type = encodeURIComponent(process.env.WORK_ITEM_TYPE ?? "Issue");
      const fields = { Title: TITLE, Description: html(text), Tags: LABEL };
      const { id } = await api(
        "POST",
        `/wit/workitems/$${type}?${version}`,
        patch(fields),
        "application/json-patch+json",
      );
      return `Opened work item ${id}.`;
    },
    async update(id, text) {
      const fields = { Description: html(text) };
      await api("PATCH", `/wit/workitems/${id}?${version}`, patch(fields), "application/json-patch+json");
      return `Updated work item ${id}.`;
    },
    async close(id) {
      const fields = { State: closedState() };
      await api("PATCH", `/wit/workitems/${id}?${version}`, patch(fields), "application/json-patch+json");
      return `Closed work item ${id}: no drift any more.`;
    },
  };
}

/**
 * A work item's description is HTML, which shows Markdown as it is written: so without tags to fold, and what is escaped is not.
 * @param {string} markdown
 */
function html(markdown) {
  const text = markdown
    .replaceAll(/<summary>(.*)<\/summary>/g, "$1:")
    .replaceAll(/<\/?(?:details|code)>/g, "")
    .replaceAll(/\\([!-/:-@[-`{-~])/g, "$1")
    .replaceAll("&#64;", "@")
    .replaceAll("&lt;", "<")
    .replaceAll("&amp;", "&");
  return `<pre>${text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/\n{3,}/g, "\n\n")}</pre>`;
}

/** Of the process "Basic"; others call it Closed. */
function closedState() {
  return process.env.WORK_ITEM_CLOSED_STATE ?? "Done";
}

/**
 * @param {string} base
 * @param {Readonly<Record<string, string>>} headers
 * @returns {(method: string, path: string, body?: unknown, type?: string) => Promise<any>}
 */
function rest(base, headers) {
  return async (method, path, body, type = "application/json") => {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await fetch(`${base}${path}`, {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { "Content-Type": type }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const { status } = answer;
      // Azure sends whom it does not know to a page to log in, with 203.
      if (answer.ok && status !== 203) {
        return await answer.json();
      }
      // These two were not taken up. Of another failure nobody knows, and what makes something new is not sent twice.
      const again = status === 429 || status === 503 || (status >= 500 && method !== "POST");
      if (!again || attempt === MOST_ATTEMPTS) {
        throw new Error(`${method} ${path.split("?")[0]} answered ${status}: ${await reason(answer)}`);
      }
      const asked = Number(answer.headers.get("retry-after") ?? Number.NaN);
      await setTimeout(1000 * (asked >= 0 ? Math.min(asked, MOST_SECONDS_BETWEEN) : attempt));
    }
  };
}

/**
 * What the platform says of a refusal, and what to do about it where that is the token.
 * @param {Response} answer
 */
async function reason(answer) {
  /** @type {any} */
  const body = await answer.json().catch(() => undefined);
  const said = body?.message ?? body?.error ?? "no reason given";
  // GitLab's is an object where several fields are wrong.
  const text = (typeof said === "string" ? said : JSON.stringify(said)).replaceAll(/\s+/g, " ");
  const words = [text.slice(0, 300)];
  if ([203, 401, 403].includes(answer.status)) {
    words.push("check what the job's token may do.");
  }
  return words.join(": ");
}

/**
 * All rows of a list that comes in pages.
 * @param {ReturnType<typeof rest>} api
 * @param {string} path
 */
async function pages(api, path) {
  const rows = [];
  for (let page = 1; ; page += 1) {
    const more = await api("GET", `${path}${path.includes("?") ? "&" : "?"}per_page=${PAGE}&page=${page}`);
    rows.push(...more);
    if (more.length < PAGE) {
      return rows;
    }
  }
}

/** @param {string} text */
function shortened(text) {
  return text.length <= MOST_CHARACTERS
    ? text
    : `${text.slice(0, MOST_CHARACTERS)}\n\n… the rest is in the job's log.\n`;
}

/** @param {string} name */
function need(name) {
  const value = process.env[name] ?? "";
  if (value === "") {
    throw new Error(`${name} is not set: see examples/gitops/README.md.`);
  }
  return value;
}

/** @param {string} text */
function say(text) {
  process.stdout.write(`${text}\n`);
}
