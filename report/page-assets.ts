/** The page's own style: light and dark, for paper, and for a telephone. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --faint: #6a737d; --line: #d8dee4; --part: #2f6fb3; --full: #b5432a; --whole: #dbe4ee; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --paper: #15181c; --faint: #9aa4ae; --line: #32383f; --part: #6ea8e0; --full: #e5805f; --whole: #2b333c; } }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.faint { color: var(--faint); } .figures { display: flex; flex-wrap: wrap; gap: 1rem; padding: 0; list-style: none; }
.figures li { border: 1px solid var(--line); border-radius: 6px; padding: .5rem 1rem; } .figures b { display: block; font-size: 1.5rem; }
svg { width: 100%; min-width: 34rem; height: auto; } svg text { fill: var(--ink); font: 13px system-ui, sans-serif; } svg .note { fill: var(--faint); }
.whole { fill: var(--whole); } .part { fill: var(--part); } .part.full { fill: var(--full); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
td { white-space: nowrap; } th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left; } .number { text-align: right; font-variant-numeric: tabular-nums; }
th button { all: unset; cursor: pointer; font-weight: 600; } th button:focus-visible { outline: 2px solid var(--part); }
th[aria-sort="ascending"] button::after { content: " ↑"; } th[aria-sort="descending"] button::after { content: " ↓"; }
.filter { display: block; margin: .5rem 0; } .filter input { font: inherit; padding: .2rem .4rem; }
@media print { .filter { display: none; } body { max-width: none; } tr { break-inside: avoid; } }
`;

/** Sorting and filtering. The page is whole without it. */
export const SCRIPT = `
const value = (row, column) => row.cells[column].textContent;
const compare = (a, b) => { const x = Number(a), y = Number(b); return a !== "" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y) ? x - y : a.localeCompare(b, undefined, { numeric: true }); };
document.querySelectorAll("th button").forEach((button) => button.addEventListener("click", () => {
  const heading = button.closest("th"), body = button.closest("table").tBodies[0], column = Number(button.dataset.column);
  const descending = heading.getAttribute("aria-sort") === "ascending";
  heading.parentNode.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
  heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const rows = [...body.rows].sort((a, b) => compare(value(a, column), value(b, column)));
  body.append(...(descending ? rows.reverse() : rows));
}));
document.querySelectorAll("input[data-table]").forEach((input) => input.addEventListener("input", () => {
  const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
  for (const row of document.getElementById(input.dataset.table).tBodies[0].rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
}));
`;
