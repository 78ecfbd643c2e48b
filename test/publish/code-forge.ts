import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A service where code, change requests and issues live. */
export type Platform = "github" | "gitlab" | "azure";

/** An issue as one of them holds it. */
export interface ForgeIssue {
  readonly id: number;
  title: string;
  text: string;
  labels: string;
  open: boolean;
}

interface Held {
  readonly comments: { id: number; text: string; author?: string }[];
  readonly issues: ForgeIssue[];
}

interface Call {
  readonly platform: Platform;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** An answer that says no, whatever is asked. */
interface Failure {
  readonly status: number;
  readonly message?: string;
  readonly retryAfter?: string;
  readonly location?: string;
}

/** Who the token of these tests belongs to, by platform. */
const ME = { github: "github-actions[bot]", gitlab: "42", azure: "me" };

/** GitHub, GitLab and Azure DevOps, as much of them as `publish` uses, in memory. */
export class CodeForge {
  private readonly held: Record<Platform, Held> = { github: empty(), gitlab: empty(), azure: empty() };
  private nextId = 1;
  private readonly failures: Failure[] = [];

  private constructor(
    private readonly server: Server,
    private readonly token: string,
  ) {}

  public static async start(token: string): Promise<CodeForge> {
    const server = createServer();
    const forge = new CodeForge(server, token);
    server.on("request", (request, response) => {
      const failure = forge.failures.shift();
      if (failure !== undefined) {
        const { status, retryAfter, location, message } = failure;
        response
          .writeHead(status, {
            ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
            ...(location === undefined ? {} : { location }),
          })
          .end(message === undefined ? "" : JSON.stringify({ message }));
        return;
      }
      void forge.answer(request).then(([status, body]) => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return forge;
  }

  /** What a job there finds in its environment. */
  public environment(platform: Platform, token = this.token): Record<string, string> {
    const base = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    const none = { GITHUB_ACTIONS: "", GITLAB_CI: "", TF_BUILD: "" };
    switch (platform) {
      case "github":
        return {
          ...none,
          GITHUB_ACTIONS: "true",
          GITHUB_API_URL: `${base}/github`,
          GITHUB_REPOSITORY: "operator/fleet",
          GITHUB_REF: "refs/pull/7/merge",
          GITHUB_SERVER_URL: "https://github.example",
          GITHUB_RUN_ID: "99",
          GITHUB_TOKEN: token,
        };
      case "gitlab":
        return {
          ...none,
          GITLAB_CI: "true",
          CI_API_V4_URL: `${base}/gitlab`,
          CI_PROJECT_ID: "42",
          CI_MERGE_REQUEST_PROJECT_ID: "42",
          CI_JOB_URL: "https://gitlab.example/operator/fleet/-/jobs/99",
          CI_MERGE_REQUEST_IID: "7",
          GITLAB_TOKEN: token,
        };
      case "azure":
        return {
          ...none,
          TF_BUILD: "True",
          SYSTEM_COLLECTIONURI: `${base}/azure/`,
          SYSTEM_TEAMPROJECT: "The fleet",
          BUILD_REPOSITORY_ID: "repository",
          SYSTEM_PULLREQUEST_PULLREQUESTID: "7",
          BUILD_BUILDID: "99",
          SYSTEM_ACCESSTOKEN: token,
        };
    }
  }

  /** Answers the next requests with these, one each, and does nothing of what they ask. */
  public fail(...failures: readonly Failure[]): void {
    this.failures.push(...failures);
  }

  /** A comment of somebody else. */
  public addComment(platform: Platform, text: string, author: string): void {
    this.held[platform].comments.push({ id: this.id(), text, author });
  }

  public comments(platform: Platform): string[] {
    return this.held[platform].comments.map(({ text }) => text);
  }

  public issues(platform: Platform): readonly ForgeIssue[] {
    return this.held[platform].issues;
  }

  public close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }

  private async answer(request: IncomingMessage): Promise<[number, unknown]> {
    const url = new URL(request.url ?? "/", "http://forge");
    const [, platform = "", ...rest] = url.pathname.split("/");
    const authorization =
      platform === "gitlab" ? `Bearer ${String(request.headers["private-token"])}` : request.headers.authorization;
    if (authorization !== `Bearer ${this.token}`) {
      return [401, { message: "Bad credentials" }];
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const text = Buffer.concat(chunks).toString("utf8");
    const call = {
      platform: platform as Platform,
      method: request.method ?? "",
      path: `/${rest.map(decodeURIComponent).join("/")}`,
      query: url.searchParams,
      body: text === "" ? undefined : (JSON.parse(text) as unknown),
    };
    switch (platform) {
      case "github":
        return this.github(call);
      case "gitlab":
        return this.gitlab(call);
      case "azure":
        return this.azure(call);
      default:
        return [404, {}];
    }
  }

  private github({ method, path, query, body }: Call): [number, unknown] {
    const { comments, issues } = this.held.github;
    const change = body as { body?: string; title?: string; labels?: string[]; state?: string };
    switch (`${method} ${path.replace(/\d+$/, "N")}`) {
      case "GET /repos/operator/fleet/issues/7/comments":
        return [
          200,
          page(comments, query).map(({ id, text, author = "somebody" }) => ({
            id,
            body: text,
            user: { login: author },
          })),
        ];
      case "POST /repos/operator/fleet/issues/7/comments":
        comments.push({ id: this.id(), text: change.body ?? "", author: ME.github });
        return [201, {}];
      case "PATCH /repos/operator/fleet/issues/comments/N":
        return edited(comments, path, ({ text }) => ({ text: change.body ?? text }));
      case "GET /repos/operator/fleet/issues":
        return [
          200,
          page(issues, query)
            .filter(({ open, labels }) => open === (query.get("state") === "open") && labels === query.get("labels"))
            .map(({ id, title }): object => ({ number: id, title }))
            // To this API a pull request is an issue too.
            .concat({ number: 7, title: "Voice licences have drifted", pull_request: {} }),
        ];
      case "POST /repos/operator/fleet/issues":
        return [201, { number: this.open("github", change.title, change.body, change.labels?.join()) }];
      case "PATCH /repos/operator/fleet/issues/N":
        return edited(issues, path, ({ text }) => ({ text: change.body ?? text, open: change.state !== "closed" }));
      default:
        return [404, {}];
    }
  }

  private gitlab({ method, path, query, body }: Call): [number, unknown] {
    const { comments, issues } = this.held.gitlab;
    const change = body as {
      body?: string;
      title?: string;
      description?: string;
      labels?: string;
      state_event?: string;
    };
    switch (`${method} ${path.replace(/\d+$/, "N")}`) {
      case "GET /projects/42/merge_requests/7/notes":
        return [
          200,
          page(comments, query).map(({ id, text, author = "7" }) => ({
            id,
            body: text,
            author: { id: Number(author) },
          })),
        ];
      case "GET /user":
        return [200, { id: Number(ME.gitlab), username: "fleet-bot" }];
      case "POST /projects/42/merge_requests/7/notes":
        comments.push({ id: this.id(), text: change.body ?? "", author: ME.gitlab });
        return [201, {}];
      case "PUT /projects/42/merge_requests/7/notes/N":
        return edited(comments, path, ({ text }) => ({ text: change.body ?? text }));
      case "GET /projects/42/issues":
        return [
          200,
          page(issues, query)
            .filter(({ open, labels }) => open === (query.get("state") === "opened") && labels === query.get("labels"))
            .map(({ id, title }) => ({ iid: id, title })),
        ];
      case "POST /projects/42/issues":
        return [201, { iid: this.open("gitlab", change.title, change.description, change.labels) }];
      case "PUT /projects/42/issues/N":
        return edited(issues, path, ({ text }) => ({
          text: change.description ?? text,
          open: change.state_event !== "close",
        }));
      default:
        return [404, {}];
    }
  }

  private azure({ method, path, query, body }: Call): [number, unknown] {
    if (method === "GET" && path === "/_apis/connectionData") {
      return [200, { authenticatedUser: { id: ME.azure } }];
    }
    if (query.get("api-version") === null) {
      return [400, {}];
    }
    const { comments, issues } = this.held.azure;
    const threads = "/The fleet/_apis/git/repositories/repository/pullRequests/7/threads";
    const where = path.replace(/\/\d+\/comments\/\d+$/, "/N/comments/N").replace(/workitems\/\d+$/, "workitems/N");
    switch (`${method} ${where}`) {
      case `GET ${threads}`:
        return [
          200,
          {
            value: comments.map(({ id, text, author = "somebody" }) => ({
              id,
              comments: [{ id, content: text, author: { id: author } }],
            })),
          },
        ];
      case `POST ${threads}`: {
        const [first] = (body as { comments: { content: string }[] }).comments;
        comments.push({ id: this.id(), text: first?.content ?? "", author: ME.azure });
        return [200, {}];
      }
      case `PATCH ${threads}/N/comments/N`:
        return edited(comments, path, () => ({ text: (body as { content: string }).content }));
      case "POST /The fleet/_apis/wit/wiql": {
        const title = /\[System\.Title\] = '([^']+)'/.exec((body as { query: string }).query)?.[1];
        return [
          200,
          { workItems: issues.filter((issue) => issue.open && issue.title === title).map(({ id }) => ({ id })) },
        ];
      }
      case "POST /The fleet/_apis/wit/workitems/$Issue": {
        const fields = fieldsOf(body);
        return [200, { id: this.open("azure", fields["Title"], fields["Description"], fields["Tags"]) }];
      }
      case "PATCH /The fleet/_apis/wit/workitems/N": {
        const fields = fieldsOf(body);
        return edited(issues, path, ({ text }) => ({
          text: fields["Description"] ?? text,
          open: fields["State"] !== "Done",
        }));
      }
      default:
        return [404, {}];
    }
  }

  private open(platform: Platform, title = "", text = "", labels = ""): number {
    const id = this.id();
    this.held[platform].issues.push({ id, title, text, labels, open: true });
    return id;
  }

  private id(): number {
    this.nextId += 1;
    return this.nextId;
  }
}

function empty(): Held {
  // More than a page of comments of others.
  return { comments: Array.from({ length: 130 }, (_, n) => ({ id: 1000 + n, text: `of somebody, ${n}` })), issues: [] };
}

function page<T>(rows: readonly T[], query: URLSearchParams): T[] {
  const size = Number(query.get("per_page") ?? 30);
  const start = (Number(query.get("page") ?? 1) - 1) * size;
  return rows.slice(start, start + size);
}

function edited<T extends { readonly id: number }>(
  rows: readonly T[],
  path: string,
  change: (row: T) => Partial<T>,
): [number, unknown] {
  const row = rows.find(({ id }) => path.endsWith(`/${id}`));
  if (row === undefined) {
    return [404, {}];
  }
  Object.assign(row, change(row));
  return [200, {}];
}

function fieldsOf(body: unknown): Record<string, string | undefined> {
  const operations = body as { op: string; path: string; value: string }[];
  return Object.fromEntries(operations.map(({ path, value }) => [path.replace("/fields/System.", ""), value]));
}
