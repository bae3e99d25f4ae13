import type { QuestionView } from '@goalkeeper/contracts';
import type { Json } from '@goalkeeper/domain';
import { ask, type Session } from '../config/session';
import { usageError } from '../errors/cli-error';
import { EXIT, type ExitCode } from '../exit-codes';
import { commandName } from '../text/command-name';
import { paint, span } from '../text/spans';
import { GOAL_BADGES } from '../view/words';
import { show } from './questions';

export interface AnswerOptions {
  readonly id: string;
  /** A choice, its number, or a text; none shows what is asked. */
  readonly words: readonly string[];
  readonly question?: string;
  readonly reason: string;
}

/** `goalkeeper answer GOAL [CHOICE|TEXT]`: answers what a goal asks; without an answer it shows the question. */
export async function answerCommand(session: Session, options: AnswerOptions): Promise<ExitCode> {
  const { terminal } = session;
  const { data } = await ask(session, (client) => client.listQuestions(options.id));
  const open = data.filter(({ state, id }) => (options.question ? id === options.question : state === 'open'));
  const text = options.words.join(' ').trim();
  if (text === '' || open.length !== 1) return tellOpen(session, options, open);
  const [question] = open as [QuestionView];
  const body = { questionId: question.id, ...givenBy(text, question), reason: options.reason };
  const goal = await ask(session, (client) => client.answer(options.id, body));
  if (session.json) terminal.json(goal);
  else {
    const { glyph, word, style } = GOAL_BADGES[goal.state];
    terminal.out(paint([span(`${glyph} ${word}`, style), span(`  ${goal.id}`)], terminal.colourOut));
    if (goal.finishedAt === null) terminal.err(`answered; see it go on: ${commandName()} watch ${goal.id}`);
  }
  return EXIT.ok;
}

function tellOpen(session: Session, { id, words, question }: AnswerOptions, open: readonly QuestionView[]): ExitCode {
  if (question && open.length === 0)
    throw usageError(`The goal asks no question ${question}`, `goalkeeper questions ${id}`);
  if (words.length > 0 && open.length > 1)
    throw usageError(
      'The goal asks several questions',
      ...open.map((one) => `goalkeeper answer ${id} … --question ${one.id}`),
    );
  if (session.json) open.forEach((one) => session.terminal.json(one));
  else open.forEach((one) => show(session, one));
  if (open.length === 0) session.terminal.err('the goal asks nothing now');
  return open.length === 0 && words.length > 0 ? EXIT.conflict : EXIT.ok;
}

/**
 * What the words mean: the id of a choice, its number from 1, or a value as the question's schema wants it. What fits neither goes
 * to the server as it is, which says what is wrong with it.
 */
export function givenBy(
  text: string,
  { choices, schema }: Pick<QuestionView, 'choices' | 'schema'>,
): { readonly choice: string } | { readonly value: Json } {
  if (choices.some(({ id }) => id === text)) return { choice: text };
  if (schema === null) {
    const numbered = /^\d+$/.test(text) ? choices[Number(text) - 1] : undefined;
    return { choice: numbered?.id ?? text };
  }
  return { value: schema['type'] === 'string' ? text : jsonOr(text) };
}

function jsonOr(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
