import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ColourChoice } from './io/terminal';
import type { ProgramParts } from './program-parts';
import { seconds } from './program-plan';

const TRAIN_HELP = `
Examples:
  goalkeeper learn train --domain ferry.pddl --problems training/ --out ferry.model.json
  goalkeeper plan --domain ferry.pddl --problem p70.pddl --guidance ferry.model.json
  goalkeeper learn train --domain ferry.pddl --problems training/ --out placebo.json --placebo 1

Learns in which order to search a classical domain, tries it on every third problem, and closes the gate of the model
where guidance does not help; the figures are in the file. A placebo learns from shuffled labels: what it saves is no
knowledge. No server is needed. How far it is goes to stderr; Ctrl-C ends it at once and writes nothing.

Exit codes: 0 a model was written, its gate open or closed · 2 a file that cannot be understood or too few problems ·
  3 more time or memory than it may take · 130 Ctrl-C`;

interface TrainFlags {
  readonly domain: string;
  readonly problems: string;
  readonly out: string;
  readonly placebo?: number;
  readonly timeLimit: number;
  readonly json?: boolean;
  readonly color?: ColourChoice;
}

/** `learn train`, which needs no server; `learn` may have other commands already. */
export function addTrainCommand(program: Command, { terminal, commands, end }: ProgramParts): void {
  const learn =
    program.commands.find((command) => command.name() === 'learn') ??
    program.command('learn').description('what was learned').helpCommand(false);
  learn
    .command('train')
    .description('learn the order of search for a planning domain')
    .requiredOption('--domain <file>', 'the domain, PDDL')
    .requiredOption('--problems <dir>', 'a folder with problems to learn from')
    .requiredOption('--out <file>', 'where the model goes')
    .option('--placebo <seed>', 'learn from labels that are shuffled with this seed', seed)
    .option('--time-limit <seconds>', 'stop after it, with what there is; half of it is for judging', seconds, 300)
    .option('--json', 'one JSON object on stdout and nothing else there')
    .addOption(new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'))
    .addHelpText('after', TRAIN_HELP)
    .action(async ({ timeLimit, placebo, json, ...flags }: TrainFlags) => {
      const rest = { timeLimitSeconds: timeLimit, placebo: placebo ?? null, json: json === true };
      end(await commands().train(terminal, { ...flags, ...rest }));
    });
}

/** @throws {InvalidArgumentError} unless the text is a whole number of at most nine digits */
function seed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('must be a whole number of at most nine digits');
}
