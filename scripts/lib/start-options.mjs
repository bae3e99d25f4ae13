import { SetupError } from './errors.mjs';

export const DEFAULT_GOAL = 'analyse sample:weather.csv';

export const HELP = `Sets everything up, starts the stack, pursues a goal and shows it live; then serves until Ctrl-C.

  npm start                                  the demonstration: ${DEFAULT_GOAL}
  npm start -- "analyse ./mine.csv by region"  a goal of yours (paths from the current folder)
  npm start -- --once                        end after the goal: exit code 0 only if it was verified
  npm start --silent -- --json               JSON lines alone on stdout
  npm start -- --stack-only                  no goal, only serve
  npm start -- --once --chaos                kill the worker in the middle of the goal and say what happened
  npm start -- --reset                       begin anew: stops the stack and deletes .goalkeeper/ (never a database given by URL)

A second npm start in the same checkout uses the running stack.
Used when set: DATABASE_URL, REDIS_URL, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_CLI_PATH, PORT, NO_COLOR.
Exit codes: 0 verified or clean stop, 1 set-up failed, 2 wrong use, 6 goal failed, 7 it asks something (goalkeeper questions), 130 interrupted.
`;

const FLAGS = {
  '--once': 'once',
  '--json': 'json',
  '--reset': 'reset',
  '--chaos': 'chaos',
  '--stack-only': 'stackOnly',
  '--help': 'help',
  '-h': 'help',
};

/**
 * @param {string[]} argv arguments after the script
 * @returns {{once: boolean, json: boolean, reset: boolean, chaos: boolean, stackOnly: boolean, help: boolean, words: string}}
 */
export function parseStartOptions(argv) {
  const options = { once: false, json: false, reset: false, chaos: false, stackOnly: false, help: false, words: '' };
  const words = [];
  let flagsEnded = false;
  for (const argument of argv) {
    if (flagsEnded || !argument.startsWith('-')) words.push(argument);
    else if (argument === '--') flagsEnded = true;
    else if (FLAGS[argument]) options[FLAGS[argument]] = true;
    else throw wrongUse(`Unknown option ${argument}.`, nearest(argument));
  }
  options.words = words.join(' ').trim();
  if (options.stackOnly && (options.words || options.once || options.chaos)) {
    throw wrongUse('--stack-only starts no goal, so it goes with neither a goal nor --once nor --chaos.');
  }
  if (options.chaos && options.words) throw wrongUse('--chaos goes with the demonstration goal only.');
  return { ...options, words: options.words || DEFAULT_GOAL };
}

const wrongUse = (message, hint = '') =>
  new SetupError(message, { exitCode: 2, hint: `${hint}npm start -- --help shows what there is.` });

function nearest(argument) {
  const match = Object.keys(FLAGS).find((flag) => flag.startsWith(argument.slice(0, 4)) && argument.length > 3);
  return match ? `Did you mean ${match}? ` : '';
}
