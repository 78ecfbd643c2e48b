import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { NOTHING } from "../../cli/assessment/assessment";
import { driftMarkdown } from "../../cli/assessment/formats/markdown";
import { bounded } from "../../cli/publish/bounded";
import { publish, type Publication } from "../../cli/publish/publish";
import { bodyOf, formatFor, WEBHOOK_FORMATS, type WebhookFormat, type WebhookMessage } from "../../cli/publish/webhook";
import { runCommand } from "../support/command-line";
import { VirtualClock } from "../support/virtual-clock";
import { CodeForge } from "./code-forge";

const TOKEN = "token-of-the-pipeline";

describe("publish", () => {
  let forge: CodeForge;
  beforeEach(async () => {
    forge = await CodeForge.start(TOKEN);
  });
  afterEach(() => forge.close());

  const run = (publication: Partial<Publication>, variables: Record<string, string>): Promise<string> =>
    publish({ what: "comment", text: "", ...publication }, variables, new VirtualClock());

  for (const platform of ["github", "gitlab", "azure"] as const) {
    describe(`on ${platform}`, () => {
      it("comments once on a change request, and replaces that comment", async () => {
        // The pipeline of a fork runs in the fork's own project.
        const variables = { ...forge.environment(platform), CI_PROJECT_ID: "43" };
        assert.match(await run({ text: "first\n" }, variables), /^Commented on /);
        assert.match(await run({ text: "second\n" }, variables), /^Updated the comment on /);
        assert.deepEqual(
          forge.comments(platform).filter((text) => text.includes("voice-licenses")),
          ["<!-- voice-licenses -->\nsecond\n"],
        );
      });

      it("keeps a comment for each part", async () => {
        const variables = forge.environment(platform);
        await run({ text: "all" }, variables);
        await run({ text: "one" }, { ...variables, SHARD: "1/2" });
        await run({ text: "two", part: "2/2" }, { ...variables, SHARD: "1/2" });
        await run({ text: "one again" }, { ...variables, PART: "1/2" });
        const marks = forge.comments(platform).flatMap((text) => /^<!-- voice-licenses.* -->/.exec(text) ?? []);
        assert.deepEqual(marks, [
          "<!-- voice-licenses -->",
          "<!-- voice-licenses 1/2 -->",
          "<!-- voice-licenses 2/2 -->",
        ]);
      });

      it("leaves a comment with our mark alone that somebody else wrote", async () => {
        forge.addComment(platform, "<!-- voice-licenses -->\nby a stranger", "99");
        assert.match(await run({ text: "ours" }, forge.environment(platform)), /^Commented on /);
        const marked = forge.comments(platform).filter((text) => text.startsWith("<!-- voice-licenses -->"));
        assert.deepEqual(marked, ["<!-- voice-licenses -->\nby a stranger", "<!-- voice-licenses -->\nours"]);
      });

      it("comments nothing, and succeeds, where the run is not about a change request", async () => {
        const variables = {
          ...forge.environment(platform),
          GITHUB_REF: "refs/heads/gh-readonly-queue/main/pr-7-0123456789",
          CI_MERGE_REQUEST_IID: "",
          SYSTEM_PULLREQUEST_PULLREQUESTID: "",
        };
        const before = forge.comments(platform).length;
        assert.match(await run({ text: "x" }, variables), /nothing to comment on\.$/);
        assert.equal(forge.comments(platform).length, before);
      });

      it("opens one drift issue, updates it, closes it, and opens another", async () => {
        const variables = forge.environment(platform);
        assert.match(await run({ what: "drift", text: "Hunt Group is 9" }, variables), /^Opened /);
        assert.match(await run({ what: "drift", text: "Hunt Group is 8" }, variables), /^Updated /);
        assert.deepEqual(
          forge.issues(platform).map(({ title, labels, open }) => ({ title, labels, open })),
          [{ title: "Voice licences have drifted", labels: "voice-licenses-drift", open: true }],
        );
        assert.match(
          forge.issues(platform)[0]?.text ?? "",
          /Hunt Group is 8\n\nTo repair it: run .* To accept the change: edit the fleet file until it agrees\. Found by http/,
        );
        assert.match(await run({ what: "clean" }, variables), /^Closed .*: no drift any more\.$/);
        assert.equal(await run({ what: "clean" }, variables), "No drift, and no open issue.");
        assert.match(await run({ what: "drift", text: "again" }, variables), /^Opened /);
        assert.deepEqual(
          forge.issues(platform).map(({ open }) => open),
          [false, true],
        );
      });

      it("names a refused token's fix, and not the token", async () => {
        await assert.rejects(run({ what: "clean" }, forge.environment(platform, "another-token")), (error: unknown) => {
          assert.ok(error instanceof Error);
          assert.match(error.message, /answered 401: Bad credentials\. Check what the job's token may do\.$/);
          assert.doesNotMatch(error.message, /another-token/);
          return true;
        });
      });

      it("shows what the platform says of another failure", async () => {
        for (const status of [404, 410, 422]) {
          forge.fail({ status, message: "Issues are disabled" });
          await assert.rejects(
            run({ what: "clean" }, forge.environment(platform)),
            new RegExp(`answered ${status}: Issues are disabled\\.`),
          );
        }
        forge.fail({ status: 203 });
        await assert.rejects(run({ what: "clean" }, forge.environment(platform)), /answered 203.*may do\.$/);
      });

      it("waits where it is asked to, also with 403, and not for ever", async () => {
        const busy = { status: 429, retryAfter: "1" };
        forge.fail(busy, { status: 503, retryAfter: "1" }, { status: 403, retryAfter: "1" });
        assert.equal(await run({ what: "clean" }, forge.environment(platform)), "No drift, and no open issue.");
        forge.fail(...Array.from({ length: 12 }, () => busy));
        await assert.rejects(run({ what: "clean" }, forge.environment(platform)), /answered 429/);
      });

      it("follows no redirect, so that the token stays where it belongs", async () => {
        forge.fail({ status: 302, location: "https://elsewhere.example/" });
        await assert.rejects(run({ what: "clean" }, forge.environment(platform)), /redirect/);
      });
    });
  }

  it("shows a work item of Azure, which renders no Markdown, as it is written", async () => {
    const text =
      "## Licence drift\n\n<details><summary>What <code>pulumi up</code> would call</summary>\n\n- a\\_b &lt;c&gt;\n\n</details>\n";
    await run({ what: "drift", text }, forge.environment("azure"));
    assert.match(
      forge.issues("azure")[0]?.text ?? "",
      /^<pre>Licence drift\n\nWhat pulumi up would call\n\n• a_b &lt;c>\n\nTo repair it: [^]*<\/pre>$/,
    );
  });

  it("names what is missing where it cannot tell the target", async () => {
    await assert.rejects(run({ what: "clean" }, {}), /name the target with --to, or set VOICE_LICENSES_WEBHOOK_URL/);
    await assert.rejects(run({ what: "clean", to: "gitlab" }, {}), /GITLAB_TOKEN is not set/);
  });
});

describe("the file to publish", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "voice-licenses-publish-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const [what, content, complaint] of [
    ["is empty, as a report that could not be made", Buffer.from("\n"), /is empty, so what was to write it has failed/],
    ["is in UTF-16, as PowerShell writes it", Buffer.from("\ufeff# Drift\n", "utf16le"), /is not text in UTF-8/],
    ["does not exist", undefined, /does not exist\./],
  ] as const) {
    it(`is refused where it ${what}`, async () => {
      const file = path.join(folder, "drift.md");
      rmSync(file, { force: true });
      if (content !== undefined) {
        writeFileSync(file, content);
      }
      // Nobody listens there.
      const { code, stderr } = await runCommand(["publish", "drift", file], {
        VOICE_LICENSES_WEBHOOK_URL: "http://127.0.0.1:9/hook",
      });
      assert.equal(code, 1);
      assert.match(stderr, complaint);
    });
  }
});

describe("a message to a webhook", () => {
  const message = (text: string): WebhookMessage => ({
    kind: "drift",
    title: "Voice licences have drifted",
    text,
    run: undefined,
  });

  const hosts: readonly [string, WebhookFormat][] = [
    ["https://hooks.slack.com/services/T/B/x", "slack"],
    ["https://operator.webhook.office.com/webhookb2/x", "teams"],
    ["https://prod-1.westeurope.logic.azure.com:443/workflows/x?sig=y", "teams"],
    ["https://default1.environment.api.powerplatform.com/powerautomate/x", "teams"],
    ["https://notslack.com/x", "json"],
    ["https://hooks.example.com/x", "json"],
  ];
  for (const [address, format] of hosts) {
    it(`to ${new URL(address).hostname} is ${format}`, () => {
      assert.equal(formatFor(new URL(address)), format);
    });
  }

  it("shows title, count and changed lines, and no Markdown source, in each form", () => {
    const report = driftMarkdown(
      {
        ...NOTHING,
        objects: [
          {
            kind: "tenant",
            id: "branch_01",
            name: "branch_01",
            differences: [{ property: "groupServices.Hunt Group", declared: 5, actual: 9 }],
            calls: ["PUT group service Hunt Group <9 → 5> & back"],
            refusals: [],
          },
        ],
      },
      "drifted",
    );
    const lines = [
      "Licence drift",
      "",
      "1 of 1 object not as declared.",
      "",
      "tenant branch_01: property groupServices.Hunt Group, declared 5, actual 9",
      "",
      "What pulumi up --refresh would call",
      "",
      "• tenant branch_01: PUT group service Hunt Group <9 → 5> & back",
    ];
    const run = "https://run";
    assert.deepEqual(bodyOf("json", { ...message(report), run }), {
      version: 1,
      kind: "drift",
      title: "Voice licences have drifted",
      text: lines.join("\n"),
      run,
    });
    const slack = JSON.stringify(bodyOf("slack", { ...message(report), run }));
    assert.ok(slack.includes("&lt;9 → 5&gt; &amp; back") && slack.includes("<https://run|The run>"), slack);
    const card = JSON.stringify(bodyOf("teams", { ...message(report), run }));
    assert.deepEqual(
      [...card.matchAll(/"type":"TextRun","text":"(.*?)"/g)].map(([, text]) => text),
      ["Voice licences have drifted", ...lines.filter((line) => line !== "")],
    );
    assert.ok(card.includes('"type":"AdaptiveCard"') && card.includes("Action.OpenUrl"), card);
  });

  it("keeps fenced output as it is, and text without a table header too", () => {
    const text = "## Stack prod\n\n~~~~~~\n | a\\_b | **c** |\n# d\n~~~~~~\n\n* e `f` \\*\\* &amp;lt;\n";
    const { text: shown } = bodyOf("json", message(text)) as { text: string };
    assert.equal(shown, "Stack prod\n\n | a\\_b | **c** |\n# d\n\n• e f ** &lt;");
  });

  const contents: readonly (readonly [string, string])[] = [
    ["Japanese", "| テナント | ハントグループ | 五 | 九 |\n"],
    ["names with underscores", "- tenant branch\\_01\\_of\\_\\_site\n"],
    ["markup and quotes", '- a &lt;b&gt; &amp; "c" \\\\ d\n'],
    ["emoji", "\u{1f600}\u{1f600}\n"],
    ["one endless line of emoji", "\u{1f600}"],
    ["one endless line", "x"],
  ];
  for (const [what, line] of contents) {
    it(`fits what each tool takes, with ${what}, and ends at the end of a line`, () => {
      const text = line.repeat(Math.ceil(300_000 / line.length));
      const sizes = { slack: 12_000, teams: 28_000, json: 200_000 };
      for (const format of WEBHOOK_FORMATS) {
        const body = JSON.stringify(bodyOf(format, message(text)));
        const size = Buffer.byteLength(body);
        assert.ok(size <= sizes[format] && size > 2000, `${format} ${size}`);
        assert.match(body, /… the rest is in the job's log\./);
        assert.doesNotMatch(body, /\p{Cs}/u);
        const shown = [...body.matchAll(/(?:"text":"|\\n)((?:[^"\\]|\\[^n])*)/g)].map(([, part]) => part ?? "");
        const repeated = shown.filter((part) => !/^(?:Voice licences|… the rest|$)/.test(part));
        assert.ok(line.includes("\n") ? new Set(repeated).size === 1 : repeated.length === 1, `${format} ${body}`);
      }
      const { blocks } = bodyOf("slack", message(text)) as { blocks: { text: { text: string } }[] };
      assert.ok((blocks[1]?.text.text.length ?? 0) <= 3000);
    });
  }

  for (const [answer, complaint] of [
    ["Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413", /HTTP error 413/],
    ['{"ok":false,"error":"msg_too_long"}', /msg_too_long/],
    ["<!DOCTYPE html><title>Sign in</title>", /an HTML page/],
  ] as const) {
    it(`is an error where the receiver answers 200 and ${answer.slice(0, 30)}`, async () => {
      const server = createServer((request, response) => {
        request.resume();
        response.end(answer);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const variables = {
        VOICE_LICENSES_WEBHOOK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
      };
      try {
        await assert.rejects(publish({ what: "drift", text: "x" }, variables, new VirtualClock()), complaint);
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    });
  }

  it("is posted, and its address shown nowhere", async () => {
    const bodies: string[] = [];
    let status = 200;
    const server = createServer((request, response) => {
      void bodyText(request).then((text) => {
        bodies.push(text);
        response.writeHead(status).end(status === 200 ? "ok" : "no hook very-secret-path-7, signed also-secret-8");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/very-secret-path-7?sig=also-secret-8`;
    const variables = { VOICE_LICENSES_WEBHOOK_URL: address };
    try {
      const told = await publish({ what: "drift", text: "Hunt Group is 9" }, variables, new VirtualClock());
      assert.match(told, /^Posted to the webhook at 127\.0\.0\.1:\d+\.$/);
      assert.deepEqual(JSON.parse(bodies[0] ?? ""), {
        version: 1,
        kind: "drift",
        title: "Voice licences have drifted",
        text: "Hunt Group is 9",
      });
      status = 404;
      await assert.rejects(
        publish({ what: "drift", text: "x" }, variables, new VirtualClock()),
        (error: unknown) =>
          error instanceof Error && error.message.includes("404") && !/secret-path|also-secret/.test(error.message),
      );
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("needs an address that nobody can read on the way", async () => {
    for (const address of ["http://hooks.example.com/x", "hooks.example.com", "ftp://x"]) {
      await assert.rejects(
        publish(
          { what: "drift", text: "x", to: "webhook" },
          { VOICE_LICENSES_WEBHOOK_URL: address },
          new VirtualClock(),
        ),
        /must be an address that begins with https:\/\/\.$/,
      );
    }
  });
});

describe("a report that is too long", () => {
  const within = (most: number) => (body: string) => ({ body, fits: body.length <= most });

  it("stays as it is where it fits", () => {
    assert.equal(bounded("a\nb\n", within(4)), "a\nb\n");
  });

  for (const [what, start, end] of [
    ["a fence and a fold", "<details><summary>calls</summary>\n\n~~~~~~\n", "\n~~~~~~\n\n</details>"],
    ["an indented fence", "- a\n\n  ````ts\n", "\n  ````"],
    ["a fence that holds marks of others", "```\n~~~\n<details>\n<!--\n", "\n```"],
    ["a comment", "<!-- to fill in\n", "\n-->"],
    ["nothing", "```inline``` and <details></details> and <!-- -->\n\n```\n```\n", ""],
  ] as const) {
    it(`ends at a line, closes ${what}, and says where the rest is`, () => {
      const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`).join("\n");
      const short = bounded(`## Title\n\n${start}${lines}\n`, within(400));
      assert.ok(short.length <= 400 && short.length > 380, `${short.length}`);
      const last = short.slice(short.lastIndexOf("\nline ")).replace(/^\nline \d+/, "");
      assert.equal(last, `${end}\n\n… the rest is in the job's log.\n`);
    });
  }

  it("cuts one endless line between characters, and within no escape", () => {
    for (const escaped of ["😀", "\\_", "&amp;", "<!-- -->"]) {
      for (let most = 200; most < 210; most += 1) {
        const short = bounded(escaped.repeat(1000), within(most));
        assert.ok(short.length <= most);
        const [, kept = ""] = /^([^]*)\n\n… the rest is/.exec(short) ?? [];
        assert.equal(kept.replaceAll(escaped, ""), "");
      }
    }
  });

  for (const [platform, most] of [
    ["github", 65_536],
    ["gitlab", 1_000_000],
    ["azure", 150_000],
  ] as const) {
    it(`is as long as ${platform} takes, with its mark, its escapes and what follows`, async () => {
      const forge = await CodeForge.start(TOKEN);
      try {
        const text = `## Drift\n\n${"| 支店 <店> | &lt;五&gt; \\_ |\n".repeat(60_000)}`;
        const variables = forge.environment(platform);
        for (const what of ["comment", "drift"] as const) {
          await publish({ what, text }, variables, new VirtualClock());
        }
        for (const body of [forge.comments(platform).at(-1) ?? "", forge.issues(platform)[0]?.text ?? ""]) {
          const size = platform === "gitlab" ? Buffer.byteLength(body) : body.length;
          assert.ok(size <= most && size > most - 100, `${size}`);
          assert.match(body, /\n\n… the rest is in the job's log\.\n/);
        }
        assert.match(forge.issues(platform)[0]?.text ?? "", /To repair it/);
      } finally {
        await forge.close();
      }
    });
  }
});

async function bodyText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
