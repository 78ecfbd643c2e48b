/** What a piece of text is, for whoever gives it a colour. */
export type TextKind = "heading" | "declared" | "actual" | "call" | "refusal" | "error" | "good" | "bad";

/** Gives a piece of text the colour of its kind; its length on the screen stays. */
export type Paint = (kind: TextKind, text: string) => string;

/** No colours: for pipes, files and tests. */
export const plain: Paint = (_kind, text) => text;
