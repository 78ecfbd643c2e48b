import { shown } from "../provider/text/shown";

/** Text for HTML, in an element or an attribute. */
export function escaped(text: string): string {
  return shown(text, Infinity)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

const GROUPED = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** A number for people: `12,000`. */
export function grouped(value: number): string {
  return GROUPED.format(value);
}

/** A number with what it counts: `1 row`, `12,000 rows`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** A part of the page, that can be linked to by its id. */
export function section(id: string, title: string, ...content: readonly string[]): string {
  return [`<section id="${id}" aria-labelledby="${id}-title">`, `<h2 id="${id}-title">${escaped(title)}</h2>`]
    .concat(content, "</section>")
    .join("\n");
}

/** A remark in smaller words. */
export function remark(text: string): string {
  return `<p class="faint">${escaped(text)}</p>`;
}
