import { escapeAt, ESCAPING, type Form } from "./encodings";

/** What has been read up to `at` is how forms `low` to `high - 1` begin: their first `depth` code units. */
interface Beginning {
  readonly at: number;
  readonly depth: number;
  readonly low: number;
  readonly high: number;
}

const BASE64 = /[\w+/-]/;

/**
 * Finds many forms in one pass over a text, in which each of their characters may be escaped. The time grows with the logarithm of their
 * number.
 */
export class FormIndex {
  /** By their code units: those with a common beginning are neighbours. */
  private readonly forms: Form[] = [];
  /** Where no form can begin, nothing is looked for. */
  private readonly beginnings = new Set(ESCAPING);

  public add(forms: readonly Form[]): void {
    for (const form of forms) {
      this.beginnings.add(form.text.charAt(0));
      const place = this.first(0, this.forms.length, ({ text }) => text >= form.text);
      this.forms.splice(place, 0, form);
    }
  }

  public remove(forms: readonly Form[]): void {
    for (const form of forms) {
      this.forms.splice(this.forms.indexOf(form), 1);
    }
  }

  /** `text` with `mark` in place of each form; where forms overlap, one mark stands for them. */
  public replace(text: string, mark: string): string {
    let replaced = "";
    let end = 0;
    for (let at = 0; at < text.length; at += 1) {
      const found = this.beginnings.has(text.charAt(at)) ? this.longestAt(text, at) : undefined;
      if (found === undefined) {
        continue;
      }
      if (found.start >= end) {
        replaced += text.slice(end, found.start) + mark;
      }
      end = Math.max(end, found.end);
    }
    return replaced + text.slice(end);
  }

  /** What begins at `start`, with the characters of base64 around it that belong to it. */
  private longestAt(text: string, start: number): { readonly start: number; readonly end: number } | undefined {
    let [from, to] = [start, start];
    const seen = new Set<string>();
    const open: Beginning[] = [{ at: start, depth: 0, low: 0, high: this.forms.length }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { at, depth } = next;
      for (let index = next.low; index < next.high; index += 1) {
        const form = this.forms[index];
        if (form?.text.length !== depth) {
          break;
        }
        from = Math.min(from, form.before && BASE64.test(text.charAt(start - 1)) ? start - 1 : start);
        to = Math.max(to, form.after && BASE64.test(text.charAt(at)) ? at + 1 : at);
      }
      const escape = escapeAt(text, at);
      if (escape !== undefined) {
        // An escape also means itself, so several ways may lead here.
        const place = `${at} ${depth} ${next.low}`;
        if (seen.has(place)) {
          continue;
        }
        seen.add(place);
        this.goOn(open, next, escape.meaning, at + escape.length);
      }
      if (at < text.length) {
        this.goOn(open, next, text.charAt(at), at + 1);
      }
    }
    return to === start ? undefined : { start: from, end: to };
  }

  /** Adds to `open` the forms that begin so and go on with `units`, where there are any. */
  private goOn(open: Beginning[], { depth, low, high }: Beginning, units: string, at: number): void {
    let [first, end] = [low, high];
    for (let index = 0; index < units.length; index += 1) {
      const unit = units.charCodeAt(index);
      // A form that has ended comes before the others: its unit is NaN, and that is neither.
      first = this.first(first, end, ({ text }) => text.charCodeAt(depth + index) >= unit);
      end = this.first(first, end, ({ text }) => text.charCodeAt(depth + index) > unit);
    }
    if (first < end) {
      open.push({ at, depth: depth + units.length, low: first, high: end });
    }
  }

  /** The first of the forms `low` to `high - 1` for which `isBeyond` holds, as it does for all after it; `high` where there is none. */
  private first(low: number, high: number, isBeyond: (form: Form) => boolean): number {
    let [from, to] = [low, high];
    while (from < to) {
      const middle = (from + to) >>> 1;
      const form = this.forms[middle];
      if (form === undefined || isBeyond(form)) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }
}
