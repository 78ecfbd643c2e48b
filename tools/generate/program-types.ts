import { CHOICES, type NamedChoice, TYPES } from "./described";
import { type Form } from "./forms";
import type { SourceMember } from "./source-docs";

/** The types of programs in TypeScript. */
export class ProgramTypes {
  /** Those that were used and stand in other files. */
  private readonly used = new Set<string>();

  public constructor(private readonly licenseTypes: readonly SourceMember[]) {}

  /** A form as a type. */
  public of(form: Form): string {
    switch (form.kind) {
      case "text":
        return "string";
      case "whole number":
        return "number";
      case "one of":
        return this.choice(form.values);
      case "map":
        return `Record<string, ${this.of(form.of)}>`;
      case "either":
        return form.forms.map((each) => this.of(each)).join(" | ");
      case "number":
      case "boolean":
        return form.kind;
      default:
        throw new Error(`A form whose type its row has to name: ${form.kind}`);
    }
  }

  /** A type that a row names. */
  public named(text: string): string {
    for (const [name] of text.matchAll(/\b[A-Z]\w+/g)) {
      if (name in TYPES) {
        this.used.add(name);
      }
    }
    return text;
  }

  /** The imports for the types that were used, by file. */
  public imports(): string {
    const files = new Set([...this.used].map((name) => TYPES[name]?.from ?? "").sort());
    return [...files]
      .map((from) => {
        const names = [...this.used].filter((name) => TYPES[name]?.from === from).sort();
        return `import type { ${names.join(", ")} } from "${from}";\n`;
      })
      .join("");
  }

  private choice(values: readonly (string | number)[]): string {
    const licenseTypes = this.licenseTypes.map(({ name }) => name);
    if (values.length === licenseTypes.length && licenseTypes.every((name) => values.includes(name))) {
      return this.named("LicenseType");
    }
    const choice = choiceOf(values);
    return choice?.exportedWith === undefined
      ? values.map((value) => JSON.stringify(value)).join(" | ")
      : this.named(choice.name);
  }
}

/** The choice of just these values that has a name. */
export function choiceOf(values: readonly (string | number)[]): NamedChoice | undefined {
  return CHOICES.find(
    (choice) => choice.values.length === values.length && choice.values.every(({ value }) => values.includes(value)),
  );
}
