import { type Command, Option } from 'commander';
import type * as Commands from './commands';
import type { CommonOptions } from './config/session';
import type { ExitCode } from './exit-codes';
import type { ColourChoice, Terminal } from './io/terminal';

/** Options as commander hands them over: the common ones and each command's own. */
export type Options<Own = unknown> = CommonOptions & { readonly color?: ColourChoice } & Own;

/** What the definition of a command gets: the terminal, the code behind the commands, and where the end goes. */
export interface ProgramParts {
  readonly terminal: Terminal;
  readonly commands: () => typeof Commands;
  readonly end: (code: ExitCode) => void;
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
