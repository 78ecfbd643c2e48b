#!/usr/bin/env node
import { ExitCode } from "./commands/exit-code";
import { noteLine } from "./commands/output";
import { runProgram } from "./commands/program";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever reads has seen enough, as `head` has: no reason to fail.
  if (error.code !== "EPIPE") {
    noteLine(`error: standard output cannot be written: ${error.message}`);
    process.exit(ExitCode.error);
  }
});
// There is nowhere left to write; the exit code still reports how the command ended.
process.stderr.on("error", () => undefined);

// Until it is known to have ended well: a process that runs out of things to wait for ends, too.
process.exitCode = ExitCode.error;

void runProgram(process.argv).then((exitCode) => {
  process.exitCode = exitCode;
});
