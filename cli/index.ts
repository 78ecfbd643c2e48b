#!/usr/bin/env node
import { runProgram } from "./program";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever reads has seen enough, as `head` has: no reason to fail.
  if (error.code !== "EPIPE") {
    throw error;
  }
});

void runProgram(process.argv).then((exitCode) => {
  process.exitCode = exitCode;
});
