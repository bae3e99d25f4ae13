import type { QuestionView } from '@goalkeeper/contracts';
import { commandName } from '../text/command-name';
import { ask, type Session } from '../config/session';
import { EXIT, type ExitCode } from '../exit-codes';
import { formatDuration } from '../text/format';
import { oneLine } from '../text/sanitize';
import { type Line, paint, span } from '../text/spans';

/** `goalkeeper questions [GOAL]`: what goals ask people; of one goal also what was answered. */
export async function questionsCommand(session: Session, goalId: string | null): Promise<ExitCode> {
  const { terminal } = session;
  const { data } = await ask(session, (client) => client.listQuestions(goalId ?? undefined));
  if (session.json) data.forEach((question) => terminal.json(question));
  else data.forEach((question) => show(session, question));
  if (data.length === 0) terminal.err(goalId === null ? 'no goal asks anything' : 'the goal asked nothing');
  return EXIT.ok;
}

/** Prints one question to stdout. */
export function show({ terminal }: Session, question: QuestionView): void {
  questionLines(question, terminal.now()).forEach((line) => terminal.out(paint(line, terminal.colourOut)));
}

/** A question with its choices and how it is answered, or what became of it. */
export function questionLines(question: QuestionView, nowMs: number): Line[] {
  const { goalId, text, choices, schema, state } = question;
  const head: Line = [span('? ', 'yellow'), span(oneLine(text), 'bold')];
  if (state !== 'open') return [head, [span(`  ${ended(question)}`, 'dim')], []];
  const width = Math.max(...choices.map(({ id }) => id.length), 0) + 2;
  const how = [...(choices.length > 0 ? ['CHOICE'] : []), ...(schema ? ['TEXT'] : [])].join('|');
  const left = formatDuration(Math.max(Date.parse(question.expiresAt) - nowMs, 0));
  const otherwise = question.onExpiry.choice ?? JSON.stringify(question.onExpiry.value);
  return [
    head,
    ...choices.map(({ id, label }): Line => [span(`  ${id.padEnd(width)}`, 'cyan'), span(oneLine(label))]),
    [span(`  answer within ${left}, else: ${otherwise}`, 'dim')],
    [span(`  ${commandName()} answer ${goalId} ${how}`)],
    [],
  ];
}

function ended({ state, answer, answeredBy }: QuestionView): string {
  const said = oneLine(answer?.choice ?? JSON.stringify(answer?.value ?? null));
  return state === 'expired' ? `nobody answered in time: ${said}` : `${oneLine(answeredBy ?? '')}: ${said}`;
}
