/** The page's own style: light and dark, for paper, and for a telephone. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --faint: #59636e; --line: #d0d7de; --part: #2f6fb3; --full: #b5432a; --whole: #cfdae6; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --paper: #15181c; --faint: #9aa4ae; --line: #3a424b; --part: #6ea8e0; --full: #f0875f; --whole: #39434e; } }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
p { margin: .25rem 0; } .faint { color: var(--faint); font-size: .9rem; } .bad { color: var(--full); font-weight: 600; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1rem 0; padding: 0; list-style: none; }
.figures a { display: block; height: 100%; box-sizing: border-box; border: 1px solid var(--line); border-radius: 6px; padding: .5rem .75rem; color: inherit; text-decoration: none; font-size: .9rem; line-height: 1.3; }
.figures a:hover { border-color: var(--part); } .figures b { display: block; font-size: 1.5rem; }
.contents { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1rem 0; padding: 0; list-style: none; font-size: .9rem; } .contents a { color: var(--part); }
.chart { margin: .5rem 0 1rem; } .bars { margin: 0; padding: 0; list-style: none; }
.bars li { display: grid; grid-template-columns: 17rem 1fr 15rem; gap: .1rem .75rem; align-items: center; padding: .15rem 0; font-size: .85rem; line-height: 1.3; }
.label { text-align: right; overflow-wrap: anywhere; } .note { color: var(--faint); white-space: nowrap; font-variant-numeric: tabular-nums; }
.bar { display: block; width: 100%; height: 1rem; border-radius: 3px; } .swatch { width: .8rem; height: .8rem; border-radius: 2px; vertical-align: -.05rem; }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1.25rem; margin-bottom: .5rem; color: var(--faint); font-size: .85rem; }
.line { display: block; width: 100%; height: 1.6rem; border-bottom: 1px solid var(--line); } .line polyline { fill: none; stroke: var(--part); stroke-width: 2; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
.whole { fill: var(--whole); } .part { fill: var(--part); } .part.full { fill: var(--full); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .85rem; line-height: 1.35; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .5rem; text-align: left; vertical-align: top; } th { vertical-align: bottom; } td { max-width: 24rem; overflow-wrap: anywhere; } td:first-child { min-width: 8rem; } td:nth-child(2) { min-width: 6rem; } td:last-child { min-width: 9rem; } td.number, td.exact { min-width: 0; }
.exact { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; } td.number { white-space: nowrap; }
th button { all: unset; cursor: pointer; font-weight: 600; } th button::after { content: "\\a0↕"; color: var(--faint); }
th[aria-sort="ascending"] button::after { content: "\\a0↑"; color: inherit; } th[aria-sort="descending"] button::after { content: "\\a0↓"; color: inherit; }
:focus-visible { outline: 2px solid var(--part); outline-offset: 1px; } th button:focus-visible { outline: 2px solid var(--part); }
.controls { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .5rem; } .controls input, .controls button { font: inherit; font-size: .9rem; padding: .25rem .5rem; } .controls[hidden] { display: none; }
@media screen and (max-width: 45rem) {
  .figures { grid-template-columns: 1fr 1fr; } .bars li { grid-template-columns: 1fr auto; align-items: end; padding: .3rem 0; } .bar { height: .7rem; grid-row: 2; grid-column: 1 / -1; } .line { grid-row: 2; grid-column: 1 / -1; } .label { text-align: left; }
  .named tr { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .35rem 0; border-bottom: 1px solid var(--line); } .named tbody, .named table { display: block; } .named th, .named td { border: 0; padding: 0; min-width: 0; max-width: none; }
  .named td::before { content: attr(data-title) "\\a0"; color: var(--faint); font-weight: 400; } .named td:first-child { flex-basis: 100%; font-weight: 600; } .named td:first-child::before { content: none; }
}
@media print {
  .controls, nav { display: none; } body { max-width: none; padding: 0; font-size: .8rem; } .scroll { overflow: visible; } th, td { padding: .2rem .25rem; white-space: normal; } td { overflow-wrap: anywhere; } table { font-size: .65rem; } td:first-child, td:nth-child(2) { min-width: 4rem; } td:last-child { min-width: 0; } th button::after { content: none; }
  .bars li { grid-template-columns: 13rem 1fr 14rem; } h2, h2 + p, .legend, [role="status"] { break-after: avoid; } tr, .bars li, .figures li { break-inside: avoid; }
}
`;

/** Sorting, filtering, and showing a few rows of many. The page is whole without it. */
export const SCRIPT = `
const FIRST = 25, MORE = 1000;
const order = new Intl.Collator(undefined, { numeric: true }).compare;
const numberOf = (text) => (text === "–" ? -Infinity : text === "unlimited" ? Number.MAX_VALUE : Number(text.replaceAll(",", "")));
const rowsOf = (count) => count.toLocaleString("en") + (count === 1 ? " row" : " rows");
for (const box of document.querySelectorAll(".data")) {
  const body = box.querySelector("tbody"), input = box.querySelector("input"), more = box.querySelector(".more"), status = box.querySelector("[role=status]");
  const headings = [...box.querySelectorAll("th")], titles = headings.map((heading) => heading.textContent);
  const rows = [...body.rows].map((row) => {
    const cells = [...row.cells].map((cell) => cell.textContent);
    return { row, cells, text: cells.join(" ").toLowerCase() };
  });
  let most = FIRST;
  const draw = () => {
    const words = (input?.value ?? "").toLowerCase().split(/\\s+/).filter(Boolean);
    const found = rows.filter(({ text }) => words.every((word) => text.includes(word)));
    const shown = document.createDocumentFragment();
    for (const { row } of found.slice(0, most)) {
      [...row.cells].forEach((cell, column) => (cell.dataset.title = titles[column]));
      shown.append(row);
    }
    body.replaceChildren(shown);
    if (!input) return;
    more.hidden = found.length <= most;
    status.textContent = (words.length === 0 ? rowsOf(rows.length) : found.length.toLocaleString("en") + " of " + rowsOf(rows.length) + (found.length === 1 ? " matches" : " match")) + (more.hidden ? "" : "; the first " + most.toLocaleString("en") + " are shown");
  };
  headings.forEach((heading, column) => heading.querySelector("button").addEventListener("click", () => {
    const isNumber = heading.classList.contains("number"), before = heading.getAttribute("aria-sort");
    // What is looked for among numbers is mostly the greatest.
    const descending = before === null ? isNumber : before === "ascending";
    headings.forEach((other) => other.removeAttribute("aria-sort"));
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const compare = isNumber ? (a, b) => numberOf(a) - numberOf(b) || 0 : order;
    rows.sort((a, b) => (descending ? -1 : 1) * compare(a.cells[column], b.cells[column]));
    draw();
  }));
  if (input) {
    input.addEventListener("input", draw);
    more.addEventListener("click", () => { most += MORE; draw(); if (more.hidden) input.focus(); });
    box.querySelector(".controls").hidden = false;
  }
  // The names that a narrow screen puts before the figures.
  box.classList.add("named");
  draw();
}
`;
