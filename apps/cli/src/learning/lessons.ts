import type { LessonView } from '@goalkeeper/contracts';
import { plural } from '@goalkeeper/domain';
import { ask, type Session } from '../config/session';
import { EXIT, type ExitCode } from '../exit-codes';
import { oneLine } from '../text/sanitize';
import { table } from '../text/table';

export interface LessonListOptions {
  readonly kind?: string;
  readonly status?: string;
  readonly limit: number;
  readonly cursor?: string;
}

/** `goalkeeper learn lessons` */
export async function lessonsCommand(session: Session, options: LessonListOptions): Promise<ExitCode> {
  const { terminal } = session;
  const { kind, status, limit, cursor } = options;
  const query = { limit, ...(kind ? { kind } : {}), ...(status ? { status } : {}), ...(cursor ? { cursor } : {}) };
  const { data, page } = await ask(session, (client) => client.learning.listLessons(query));
  if (session.json) data.forEach((lesson) => terminal.json(lesson));
  else if (data.length > 0) {
    const rows = data.map((lesson) => [lesson.id, lesson.kind, lesson.status, fared(lesson), lesson.key]);
    table(['ID', 'KIND', 'STATUS', 'FARED', 'ABOUT'], rows, terminal.outColumns).forEach((line) => terminal.out(line));
  }
  if (data.length === 0)
    terminal.err('no lessons; they come of finished goals, once a minute or with goalkeeper learn run');
  if (page.next !== null) terminal.err(`more: goalkeeper learn lessons --cursor ${page.next}`);
  return EXIT.ok;
}

function fared({ statistics: { sources, support, against, trial } }: LessonView): string {
  if (trial && trial.with.goals + trial.without.goals > 0)
    return `P(better) ${trial.pBetter.toFixed(2)}, ${trial.with.goals} with, ${trial.without.goals} without`;
  return support + against > 0 ? `${support} for, ${against} against` : `from ${plural(sources, 'goal')}`;
}

/** `goalkeeper learn show ID` */
export async function showCommand(session: Session, id: string): Promise<ExitCode> {
  const { terminal } = session;
  const lesson = await ask(session, (client) => client.learning.getLesson(id));
  if (session.json) {
    terminal.json(lesson);
    return EXIT.ok;
  }
  const line = (name: string, value: string): void => terminal.out(`${name.padEnd(10)}${oneLine(value)}`);
  line('lesson', `${lesson.kind}, ${lesson.status}, ${lesson.origin}`);
  line('about', lesson.key);
  line('says', JSON.stringify(lesson.body));
  line('tasks', lesson.tasks.join(', '));
  line('fared', fared(lesson));
  line('from', lesson.sources.length === 0 ? 'no goal of this tenant' : lesson.sources.join(' '));
  for (const { at, status, reason } of lesson.history) line('', `${at}  ${status}: ${reason}`);
  return EXIT.ok;
}

/** `goalkeeper learn snapshots` */
export async function snapshotsCommand(session: Session): Promise<ExitCode> {
  const { terminal } = session;
  const { data } = await ask(session, (client) => client.learning.listSnapshots());
  if (session.json) data.forEach((snapshot) => terminal.json(snapshot));
  else if (data.length > 0) {
    const rows = data.map(({ id, seq, lessons, isCurrent, createdAt, reason }) => [
      ...[id, `${seq}${isCurrent ? ' (current)' : ''}`, String(lessons), createdAt, reason],
    ]);
    table(['ID', 'NUMBER', 'LESSONS', 'TAKEN', 'WHY'], rows, terminal.outColumns).forEach((row) => terminal.out(row));
  }
  if (data.length === 0) terminal.err('no snapshots yet');
  return EXIT.ok;
}
