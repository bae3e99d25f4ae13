import { Command } from 'commander';
import { createRequire } from 'node:module';
import type * as Commands from './commands';
import type { ExitCode } from './exit-codes';
import type { Terminal } from './io/terminal';
import { addCalibrationCommand } from './program-calibration';
import { addGoalCommands } from './program-goals';
import { addHelp } from './program-help';
import { addLearnCommands } from './program-learn';
import { addPlanCommands } from './program-plan';
import type { Options, ProgramParts } from './program-parts';
import { addTrainCommand } from './program-train';

/**
 * The command line: names, arguments, options, help. The code behind the commands is loaded when one runs, so that
 * help and mistakes answer at once.
 */
export function buildProgram(terminal: Terminal, end: (code: ExitCode) => void): Command {
  const load = createRequire(__filename);
  const parts: ProgramParts = { terminal, commands: () => load('./commands') as typeof Commands, end };
  const program = new Command('goalkeeper')
    .description('Hands goals to Goalkeeper and shows what becomes of them.')
    .helpCommand(false)
    .enablePositionalOptions() // else options of `plan check` would be taken for those of `plan`
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
      outputError: () => undefined, // told once, by the one place that prints errors
    })
    .showSuggestionAfterError(true)
    .hook('preAction', (_program, command) => terminal.setColour(command.opts<Options>().color ?? 'auto'));
  addGoalCommands(program, parts);
  addPlanCommands(program, parts);
  addCalibrationCommand(program, parts);
  addLearnCommands(program, parts);
  addTrainCommand(program, parts); // after the other commands of `learn`, which it joins
  addHelp(program, parts);
  return program;
}
