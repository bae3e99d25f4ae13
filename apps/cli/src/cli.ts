import { CommanderError } from 'commander';
import { CliError } from './errors/cli-error';
import { printError } from './errors/print';
import { EXIT, type ExitCode } from './exit-codes';
import type { Terminal } from './io/terminal';
import { buildProgram } from './program';

/**
 * The `goalkeeper` command.
 *
 * @param args without the program's own name
 * @returns how it ends; everything has been told to the terminal by then
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = buildProgram(terminal, (code) => (exitCode = code));
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok; // help was asked for and shown
    const beforeWords = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length);
    return printError(fromCommander(error, args), terminal, beforeWords.includes('--json'));
  }
}

function fromCommander(error: unknown, args: readonly string[]): unknown {
  if (!(error instanceof CommanderError)) return error;
  const command = args.find((arg) => /^[a-z]+$/.test(arg));
  const message = error.message.replace(/^error: /, '').replace(/\s+/g, ' ');
  if (error.code === 'commander.help') return missingCommand();
  const known = error.code === 'commander.unknownCommand' ? undefined : command;
  return new CliError(message, {
    code: 'usage',
    exitCode: EXIT.usage,
    fix: [`goalkeeper help${known ? ` ${known}` : ''}`],
    repeat: 'nothing was sent',
  });
}

function missingCommand(): CliError {
  const fix = ['goalkeeper help', 'goalkeeper run "analyse sample:movies.json and report"'];
  return new CliError('Which command?', { code: 'usage', exitCode: EXIT.usage, fix, repeat: 'nothing was sent' });
}
