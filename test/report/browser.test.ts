import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { reportPage } from "../../cli/report/page";
import { usageOf } from "../../cli/report/usage";
import { BROWSER_FLAGS, findBrowser } from "./support/browser";
import { customer, tenant } from "./support/worlds";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const HOSTILE = `</td></script><script>alert(1)</script><img src="http://198.51.100.1/x" onerror="alert(2)">"'&`;
const TITLE = `${HOSTILE} ${"W".repeat(100)}`;
const TELEPHONE = { width: 390, height: 844 };

const WORLD = usageOf(
  {
    customers: [
      customer(HOSTILE),
      customer("Österreich 10", { licensedUsersCount: 1200, activeUserCount: 1150 }),
      customer("Österreich 9", { licensedUsersCount: 300, activeUserCount: 0, licenseType: "HostedPro" }),
      customer("Past", { clientSecretExpiresAt: "2026-11-20T12:00:00.000Z" }),
      customer("Near", { clientSecretExpiresAt: "2026-12-01T12:00:00.000Z" }),
      customer("W".repeat(300), { licensedUsersCount: null, activeUserCount: null }),
    ],
    tenants: [
      tenant(HOSTILE, { [HOSTILE]: [10, 10], 'Call "Park": 3/4': [9, 0], "Hunt Group": ["unlimited", 5] }),
      tenant(
        "many",
        Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`Service ${index}`, [1000 + index, index]])),
      ),
    ],
  },
  NOW,
);

/** A page, what it asked for, and all that it complained about. */
interface Opened {
  readonly page: Page;
  /** What it tried to load, and what of that its policy let out. */
  readonly requests: readonly string[];
  readonly sent: readonly string[];
  readonly complaints: readonly string[];
}

describe("the page of a report, in a browser", function () {
  this.timeout(60_000);
  let folder: string;
  let url: string;
  let browser: Browser | undefined;

  before(async function () {
    folder = mkdtempSync(path.join(tmpdir(), "report-"));
    const executablePath = findBrowser(process.env);
    if (executablePath === undefined) {
      process.stdout.write("       skipped: no Chromium on the PATH; install one, or name one in CHROMIUM_PATH\n");
      this.skip();
    }
    const file = path.join(folder, "index.html");
    writeFileSync(file, reportPage(WORLD, TITLE, new Date(NOW)));
    url = pathToFileURL(file).href;
    // With a user data folder of its own, which is gone afterwards.
    browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS });
  });

  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The page in a context of its own, where nothing but the page itself is let through. */
  async function open(options: BrowserContextOptions = {}, address = url): Promise<Opened> {
    assert.ok(browser);
    const context = await browser.newContext(options);
    const requests: string[] = [];
    const sent: string[] = [];
    const complaints: string[] = [];
    await context.route("**/*", (route) => {
      sent.push(route.request().url());
      return route.request().url() === address ? route.continue() : route.abort();
    });
    const page = await context.newPage();
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(address);
    return { page, requests, sent, complaints };
  }

  function column(section: Locator, index: number): Promise<string[]> {
    return section.locator(`tbody td:nth-child(${index})`).allTextContents();
  }

  async function figure(page: Page, expression: string): Promise<number> {
    return Number(await page.evaluate(expression));
  }

  it("asks for nothing else, runs no name, and has nothing to complain about", async () => {
    const { page, requests, complaints } = await open();
    await page.locator("#customers th button").first().click();
    await page.locator("#customers input").fill("script");
    assert.equal(await page.locator("#customers tbody td:first-child").textContent(), HOSTILE);
    assert.equal(await page.locator("h1").textContent(), TITLE);
    assert.deepEqual([...requests], [url]);
    assert.deepEqual([...complaints], []);
  });

  it("runs and fetches nothing even if a name became markup", async () => {
    const { page, sent, complaints } = await open();
    await page.evaluate(`{
      const script = document.createElement("script");
      script.textContent = "alert(3)";
      document.body.append(script);
      document.body.insertAdjacentHTML("beforeend", '<img src="http://198.51.100.1/x" onerror="alert(4)">');
    }`);
    await page.waitForFunction("true");
    assert.deepEqual([...sent], [url]);
    assert.ok(complaints.length >= 2, complaints.join("\n"));
    for (const complaint of complaints) {
      assert.match(complaint, /Content Security Policy/);
    }
  });

  it("sorts by text as people do, and by number, the greatest first", async () => {
    const { page } = await open();
    const customers = page.locator("#customers");
    const heading = (title: string): Locator => customers.getByRole("columnheader", { name: title });
    await heading("Customer").getByRole("button").click();
    const names = (await column(customers, 1)).filter((name) => name.startsWith("Ö"));
    assert.deepEqual(names, ["Österreich 9", "Österreich 10"]);
    assert.equal(await heading("Customer").getAttribute("aria-sort"), "ascending");

    await heading("Licensed").getByRole("button").focus();
    await page.keyboard.press("Enter");
    assert.deepEqual(await column(customers, 3), ["1,200", "300", "50", "50", "50", "–"]);
    assert.equal(await heading("Licensed").getAttribute("aria-sort"), "descending");
    assert.equal(await heading("Customer").getAttribute("aria-sort"), null);
    await page.keyboard.press("Space");
    assert.deepEqual(await column(customers, 3), ["–", "50", "50", "50", "300", "1,200"]);

    const services = page.locator("#services");
    await services.getByRole("columnheader", { name: "Allocated" }).getByRole("button").click();
    assert.deepEqual((await column(services, 4)).slice(0, 2), ["unlimited", "1,059"]);
  });

  it("filters by all words in any column, and tells how many rows that leaves", async () => {
    const { page } = await open();
    const services = page.locator("#services");
    const status = services.getByRole("status");
    assert.equal(await status.textContent(), "63 rows; the first 25 are shown");
    await services.getByRole("searchbox").fill("MANY service 5");
    assert.equal(await status.textContent(), "15 of 63 rows match");
    assert.equal((await column(services, 2)).length, 15);
    await services.getByRole("searchbox").fill("no such");
    assert.equal(await status.textContent(), "0 of 63 rows match");
    await services.getByRole("searchbox").fill("");
    assert.equal((await column(services, 2)).length, 25);
    await services.getByRole("button", { name: "Show more rows" }).click();
    assert.equal((await column(services, 2)).length, 63);
    assert.equal(await status.textContent(), "63 rows");
  });

  it("has other colours where dark is preferred, and those of paper in print", async () => {
    const background = "getComputedStyle(document.body).backgroundColor";
    const light = await open({ colorScheme: "light" });
    assert.equal(await light.page.evaluate(background), "rgb(255, 255, 255)");
    const dark = await open({ colorScheme: "dark" });
    assert.equal(await dark.page.evaluate(background), "rgb(21, 24, 28)");
    const bar = 'getComputedStyle(document.querySelector(".bar .part:not(.full)")).fill';
    assert.notEqual(await dark.page.evaluate(bar), await light.page.evaluate(bar));
    await dark.page.emulateMedia({ media: "print" });
    assert.equal(await dark.page.evaluate(background), "rgb(255, 255, 255)");
  });

  for (const width of [320, 360, 390]) {
    it(`scrolls nothing sideways at a width of ${width}, and has every figure in sight with its name`, async () => {
      const { page } = await open({ viewport: { width, height: 740 }, isMobile: true, hasTouch: true });
      assert.equal(await figure(page, "document.documentElement.scrollWidth"), width);
      assert.equal(await figure(page, "innerWidth"), width);
      const hidden = `[...document.querySelectorAll(".figures b, td, th, .note")].filter((one) => {
        const { left, right, width } = one.getBoundingClientRect();
        return width === 0 || left < 0 || right > innerWidth;
      }).map((one) => one.textContent)`;
      assert.deepEqual(await page.evaluate(hidden), []);
      await page.locator("#services input").fill("service 59");
      const named = `[...document.querySelector("#services tbody tr").cells].map((cell) => getComputedStyle(cell, "::before").content)`;
      const titles = await page.evaluate<readonly string[]>(named);
      assert.deepEqual(
        titles.map((title) => title.replaceAll(/["\s]+/g, " ").trim()),
        ["none", "Service", "Kind", "Allocated", "In use", "In packs", "In use, %"],
      );
      // They still sort.
      await page.locator("#services").getByRole("columnheader", { name: "Allocated" }).getByRole("button").click();
    });
  }

  it("shows the summary in the first sight of a telephone, before the contents", async () => {
    const { page } = await open({ viewport: TELEPHONE, isMobile: true, hasTouch: true });
    const bottoms = await figure(page, 'document.querySelector(".figures").getBoundingClientRect().height');
    assert.ok(bottoms < 600, String(bottoms));
    const contents = page.getByRole("navigation", { name: "Contents" });
    await contents.getByRole("link", { name: "All customers" }).click();
    assert.match(page.url(), /#customers$/);
  });

  it("prints without filters, and cuts nothing off", async () => {
    const { page } = await open({ viewport: { width: 718, height: 1000 } });
    const filter = page.locator("#customers input");
    assert.equal(await filter.isVisible(), true);
    await page.emulateMedia({ media: "print" });
    assert.equal(await filter.isVisible(), false);
    assert.equal(await page.getByRole("navigation").isVisible(), false);
    const tooWide = '[...document.querySelectorAll("table")].filter((table) => table.offsetWidth > innerWidth).length';
    assert.equal(await figure(page, tooWide), 0);
    assert.equal(await page.evaluate('getComputedStyle(document.querySelector(".scroll")).overflowX'), "visible");
    assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
  });

  it("says in words what each chart shows", async () => {
    const { page } = await open();
    const charts = page.getByRole("figure");
    assert.equal(await charts.count(), 7);
    for (const chart of await charts.all()) {
      assert.ok(await chart.getAttribute("aria-label"));
      for (const bar of await chart.getByRole("listitem").all()) {
        assert.match((await bar.locator(".label").textContent()) ?? "", /\S/);
        assert.match((await bar.locator(".note").textContent()) ?? "", /^[\d,]+ (of [\d,]+ )?[a-z]+( \(\d+ %\))?$/);
        assert.equal(await bar.locator("svg").getAttribute("aria-hidden"), "true");
      }
    }
    const users = page.getByRole("figure", { name: "Users licensed and active" });
    assert.match(await users.ariaSnapshot(), /Österreich 10 ?1,150 of 1,200 users \(95 %\)/);
    assert.equal(await page.getByRole("figure", { name: "Services exhausted" }).locator(".full.part").count(), 2);
  });

  it("is whole without scripts", async () => {
    const { page } = await open({ javaScriptEnabled: false });
    assert.equal(await page.locator("#services tbody tr").count(), 63);
    assert.equal(await page.locator("#services input").isVisible(), false);
  });

  it("lays out just the first rows of 12,000", async () => {
    const services = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`Service ${index}`, [99, index] as const]),
    );
    const tenants = Array.from({ length: 200 }, (_, index) => tenant(`tenant-${index}`, services));
    const file = path.join(folder, "large.html");
    writeFileSync(file, reportPage(usageOf({ customers: [], tenants }, NOW), "Large", new Date(NOW)));
    const { page } = await open({}, pathToFileURL(file).href);
    const table = page.locator("#services");
    assert.equal(await table.locator("tbody tr").count(), 25);
    await table.getByRole("searchbox").fill("tenant-199");
    assert.equal(await table.getByRole("status").textContent(), "60 of 12,000 rows match; the first 25 are shown");
    assert.equal(await table.locator("tbody tr").count(), 25);
  });
});
