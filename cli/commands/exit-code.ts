/** How a command ended: done and clean, an error, or found something that is not as declared, as Pulumi's own codes are. */
export const ExitCode = { clean: 0, error: 1, drift: 7 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** By which a command reports how it ended, where that is not {@link ExitCode.clean}. */
export type Finish = (exitCode: ExitCode) => void;
