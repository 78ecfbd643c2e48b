import * as z from "zod";

/** Tests of one file; all of them where no titles are given. */
export interface TestSelection {
  readonly testFile: string;
  readonly titles?: readonly string[] | undefined;
}

/** What a worker does; it answers each request before it gets the next one. */
export type Request =
  /** Takes over the sources with their mutants, by absolute path. `mutant` acts from now on, while tests are loaded too. */
  | { readonly ask: "start"; readonly sources: ReadonlyMap<string, string>; readonly mutant?: number | undefined }
  /** Runs a test file without a mutant, and notes what each test reaches. */
  | { readonly ask: "measure"; readonly testFile: string }
  /** Runs tests with a mutant up to the first failure, then that test once more without. */
  | { readonly ask: "try"; readonly mutant: number; readonly tests: readonly TestSelection[] };

const Failure = z.object({
  title: z.string(),
  message: z.string(),
  isTimeout: z.boolean(),
});

/** A test that failed. */
export type Failure = z.infer<typeof Failure>;

const Measured = z.object({
  answer: z.literal("measured"),
  /** Mutants reached while the file and what it imports were loaded. */
  loading: z.array(z.number()),
  /** Mutants reached by hooks around all tests of a `describe`. */
  around: z.array(z.number()),
  tests: z.array(z.object({ title: z.string(), milliseconds: z.number(), reached: z.array(z.number()) })),
  failure: Failure.optional(),
});

/** What the tests of one file reach. */
export type Measured = z.infer<typeof Measured>;

const Tried = z.object({
  answer: z.literal("tried"),
  /** `undefined` where the mutant survived. */
  failure: Failure.optional(),
  /** Whether the test fails without the mutant too: then nothing that this worker answers counts any more. */
  isSpoilt: z.boolean(),
});

/** What became of one mutant. */
export type Tried = z.infer<typeof Tried>;

/** What a worker answers. */
export const Reply = z.discriminatedUnion("answer", [z.object({ answer: z.literal("started") }), Measured, Tried]);

export type Reply = z.infer<typeof Reply>;
