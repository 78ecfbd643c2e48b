import { shown } from "../../provider/text/shown";

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
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: readonly string[];
}

/** The sections, and before them a list of what there is. */
export function withContents(sections: readonly Section[]): string {
  const links = sections.map(({ id, title }) => `<li><a href="#${id}">${escaped(title)}</a></li>`);
  return [
    `<nav aria-label="Contents"><ul class="contents">${links.join("\n")}</ul></nav>`,
    ...sections.map(({ id, title, content }) =>
      [
        `<section id="${id}" aria-labelledby="${id}-title">`,
        `<h2 id="${id}-title">${escaped(title)}</h2>`,
        ...content,
        "</section>",
      ].join("\n"),
    ),
  ].join("\n");
}

/** A remark in smaller words. */
export function remark(text: string): string {
  return `<p class="faint">${escaped(text)}</p>`;
}

/** A number at the top of the page, which leads to its section. */
export function figure(target: string, count: number, what: string, isBad = false): string {
  return `<li><a href="#${target}"><b${isBad ? ' class="bad"' : ""}>${grouped(count)}</b> ${escaped(what)}</a></li>`;
}
