import { FAILURES, PROBLEMS } from '@goalkeeper/contracts';
import { EXIT_MEANINGS } from '../exit-codes';
import { oneLine } from '../text/sanitize';
import { padTo } from '../text/width';

/** Failures that the command finds itself, before or without an answer of the API. */
const OWN: Readonly<Record<string, readonly [title: string, hint: string]>> = {
  usage: ['The command line is not valid', 'See goalkeeper help COMMAND'],
  'config.invalid_url': ['The address of the API is not usable', 'Give an address like http://127.0.0.1:3000'],
  'config.foreign_stack': ['.goalkeeper/stack.json names another machine', 'Name the API with --api-url or GK_API_URL'],
  'config.no_token': ['No token was found', 'Set GK_TOKEN or GK_TOKEN_FILE, or run inside the checkout of npm start'],
  'config.token_unreadable': ['The token file cannot be read', 'Check the path and its permissions'],
  'file.unreadable': ['A file cannot be read or written', 'Check the path and its permissions'],
  'file.download_broken': ['A download is not what the server announced', 'Repeat the command'],
  'server.unreachable': ['The API does not answer', 'Start it with npm start, or name it with GK_API_URL'],
  'server.unexpected_answer': ['Something else than a Goalkeeper API answered', 'Check GK_API_URL'],
  'step.not_found': ['No decision was made for such a step', 'goalkeeper explain ID lists those that were made'],
  'goal.wait_timed_out': ['The goal was not done in the time of --timeout', 'goalkeeper watch ID follows it further'],
  'planning.malformed_input': [
    'A domain or problem cannot be understood',
    'Correct it at the line and column that the message names',
  ],
  'guidance.malformed': [
    'A model of learned guidance cannot be understood',
    'Make it anew with goalkeeper learn train',
  ],
  'guidance.version': ['A model of learned guidance has another version', 'Make it anew with goalkeeper learn train'],
  'guidance.other_domain': ['A model was learned for another domain', 'Name the model of this domain, or train one'],
  'guidance.too_large': ['A model of learned guidance is too large', 'Make it anew with goalkeeper learn train'],
  'plan.syntax': ['A plan cannot be understood', 'Correct it at the line and column that the message names'],
  'plan.refused': ['The planner made a plan that is not valid', 'Report it with the domain and the problem'],
  internal: ['The command itself broke', 'Report it with the trace of GK_DEBUG=1'],
};

/** The text of `goalkeeper help errors [CODE]`; null when there is no such code. */
export function describeErrors(code?: string): string[] | null {
  if (code !== undefined) return describeOne(code);
  const codes = [...Object.entries(OWN).map(([name, [title]]) => row(name, title)), ...apiRows()];
  return [
    'Exit codes',
    ...EXIT_MEANINGS.map(([exit, meaning]) => `  ${String(exit).padStart(3)}  ${meaning}`),
    '',
    'Problem codes (goalkeeper help errors CODE tells more)',
    ...codes,
    '',
    'Codes of goals that failed, and of their steps',
    ...Object.entries(FAILURES).map(([name, { title }]) => row(name, title)),
  ];
}

const row = (name: string, title: string): string => `  ${padTo(name, 32)} ${title}`;

const apiRows = (): string[] => Object.entries(PROBLEMS).map(([name, { title }]) => row(name, title));

function describeOne(code: string): string[] | null {
  const own = Object.hasOwn(OWN, code) ? OWN[code] : undefined;
  if (own) return [`${oneLine(code)}: ${own[0]}`, `  fix: ${own[1]}`];
  return problemText(code) ?? failureText(code);
}

function failureText(code: string): string[] | null {
  const failure = Object.entries(FAILURES).find(([name]) => name === code)?.[1];
  if (!failure) return null;
  const repeat = failure.retryable
    ? 'the same goal may succeed later'
    : 'creating the same goal again alone will not help';
  return [`${oneLine(code)}: ${failure.title} (why a goal or a step failed)`, `  fix: ${failure.hint}`, `  ${repeat}`];
}

function problemText(code: string): string[] | null {
  const problem = Object.entries(PROBLEMS).find(([name]) => name === code)?.[1];
  if (!problem) return null;
  const repeat = problem.retryable ? 'the same request may succeed later' : 'repeating alone will not help';
  return [
    `${oneLine(code)}: ${problem.title} (HTTP ${problem.status})`,
    ...(problem.hint === '' ? [] : [`  fix: ${problem.hint}`]),
    `  ${repeat}`,
  ];
}
