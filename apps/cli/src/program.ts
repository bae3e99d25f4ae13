import { Command, Option } from 'commander';
import { createRequire } from 'node:module';
import type { CommonOptions } from './config/session';
import type * as Commands from './commands';
import type { ExitCode } from './exit-codes';
import type { ColourChoice, Terminal } from './io/terminal';
import { addGoalCommands } from './program-goals';
import { addHelp } from './program-help';

/** Options as commander hands them over: the common ones and each command's own. */
export type Options<Own = unknown> = CommonOptions & { readonly color?: ColourChoice } & Own;

/** What the definition of a command gets: the terminal, the code behind the commands, and where the end goes. */
export interface ProgramParts {
  readonly terminal: Terminal;
  readonly commands: () => typeof Commands;
  readonly end: (code: ExitCode) => void;
}

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
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
      outputError: () => undefined, // told once, by the one place that prints errors
    })
    .showSuggestionAfterError(true)
    .hook('preAction', (_program, command) => terminal.setColour(command.opts<Options>().color ?? 'auto'));
  addGoalCommands(program, parts);
  addHelp(program, parts);
  return program;
}

/** The options that every command takes. */
export function withCommon(command: Command): Command {
  return command
    .option('--json', 'JSON lines on stdout and nothing else there')
    .option('--api-url <url>', 'where the API is (else GK_API_URL, else the stack of this checkout)')
    .option('--token <token>', 'the token itself (else GK_TOKEN)')
    .option('--token-file <path>', 'file that holds the token (else GK_TOKEN_FILE, else .goalkeeper/token)')
    .addOption(new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'));
}
