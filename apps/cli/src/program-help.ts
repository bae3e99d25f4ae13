import type { Command } from 'commander';
import { usageError } from './errors/cli-error';
import { EXIT } from './exit-codes';
import { type Options, type ProgramParts, withCommon } from './program-parts';

const EXAMPLES = `
Examples:
  goalkeeper run "analyse sample:movies.json and report"
  goalkeeper run "analyse ./sales.csv by region" --file ./sales.csv
  goalkeeper run --task data.report --args '{"source": "sample:weather.csv"}' --wait --json
  goalkeeper watch goal_0199…
  goalkeeper help errors

Results go to stdout, progress and errors to stderr. Ctrl-C stops watching; the goal goes on.`;

/** `help` with its topics, and `version`. */
export function addHelp(program: Command, { terminal, commands, end }: ProgramParts): void {
  program.addHelpText('after', EXAMPLES);
  withCommon(program.command('version').description('versions of the command and of the API')).action(
    async (flags: Options) => end(await commands().version(terminal, flags)),
  );
  program
    .command('help')
    .argument('[topic]', 'a command, or `errors`')
    .argument('[code]', 'a code of a problem or of a failed goal, after `errors`')
    .description('help for a command; `help errors` explains exit codes, problem codes and why goals fail')
    .action((topic: string | undefined, code: string | undefined) => {
      if (topic !== 'errors') return commandHelp(program, topic);
      const lines = commands().describeErrors(code);
      if (lines === null) throw usageError(`There is no problem code ${code}`, 'goalkeeper help errors');
      lines.forEach((line) => terminal.out(line));
      end(EXIT.ok);
    });
}

function commandHelp(program: Command, topic: string | undefined): void {
  if (topic === undefined) return program.outputHelp();
  const command = program.commands.find((other) => other.name() === topic);
  if (!command) throw usageError(`There is no command ${topic}`, 'goalkeeper help');
  command.outputHelp();
}
