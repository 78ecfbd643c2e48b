import { Command } from "commander";
import { ALL_KINDS } from "../../provider/kinds";
import { checkLines } from "./doctor/check";
import { examine } from "./doctor/examine";
import { ExitCode, type Finish } from "./exit-code";
import { noteLine, printLine } from "./output";

const EXAMPLES = `
Examples:
  npx pulumi-voice-licenses doctor
  npx pulumi-voice-licenses doctor --json

Exit codes: 0 all is well with each system that is configured, 1 otherwise.
`;

/** `voice-licenses doctor`: whether both systems can be reached and used, without reading a licence. */
export function doctorCommand(finish: Finish): Command {
  return new Command("doctor")
    .description(
      `Checks the settings of both systems, the way to them (proxy, name resolution, TLS), the login and one cheap read each: the lists of ${ALL_KINDS}. Shows a line a check, with what to fix. Reads no licence and writes nothing. It reads the environment, not a stack's configuration; a system without address and credentials there is skipped.`,
    )
    .option("--json", "print JSON: {version, ok, checks: [{system, name, status, detail}]}")
    .allowExcessArguments(false)
    .addHelpText("after", EXAMPLES)
    .action(async ({ json }: { readonly json?: true }) => {
      const checks = await examine(process.env, (text) => {
        noteLine(`warning: ${text}`);
      });
      const isWell = checks.every(({ status }) => status !== "FAIL");
      printLine(
        json === true
          ? JSON.stringify({ version: 1, ok: isWell, checks }, undefined, 2)
          : checkLines(checks).join("\n"),
      );
      finish(isWell ? ExitCode.clean : ExitCode.error);
    });
}
