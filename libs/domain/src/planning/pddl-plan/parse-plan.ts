import { AgentError } from '../../errors';
import type { Decomposition, GroundTask, Position } from '../pddl/model';
import type { PlanPlace } from './finding';
import type { PddlPlan } from './validate-pddl-plan';

/** A plan's text is not a plan; `details` has file, line, column and what was expected. */
export class PlanSyntaxError extends AgentError {
  readonly code = 'plan.syntax';
  readonly retryable = false;

  readonly line: number;
  readonly column: number;

  constructor(
    readonly file: string,
    { line, column }: Position,
    readonly expected: string,
    readonly found: string,
  ) {
    super(`${file}:${line}:${column}: expected ${expected}, found ${found}`, { file, line, column, expected, found });
    this.line = line;
    this.column = column;
  }
}

/** A plan and the line of each of its parts. */
export type ParsedPlan = PddlPlan & {
  /** The line where something stands, from 1; null for the plan as a whole. */
  readonly lineOf: (place: PlanPlace) => number | null;
};

interface Word {
  readonly text: string;
  readonly at: Position;
}
interface Line {
  readonly words: readonly Word[];
  readonly number: number;
}

/**
 * Reads a plan: hierarchical when a line is `==>`, as in the 2020 hierarchical planning competition, else classical with
 * one action in parentheses a line. Other planners' habits are taken: text around `==>` and `<==`, comments after `;`,
 * any whole numbers as ids, lines in any order, names in any case (they come back in lower case).
 *
 * @param fileName for messages
 * @throws {PlanSyntaxError} with the place and what was expected there
 */
export function parsePlan(text: string, fileName = 'plan'): ParsedPlan {
  const lines = text.split(/\r\n|\r|\n/).map((line, index) => ({ words: wordsOf(line, index + 1), number: index + 1 }));
  const start = lines.findIndex(({ words }) => isOnly(words, '==>'));
  return start < 0 ? readClassical(text, fileName) : readHierarchical(lines, start, fileName);
}

function wordsOf(line: string, number: number): Word[] {
  const code = line.split(';', 1)[0] ?? '';
  return [...code.matchAll(/[^\s\ufeff]+/g)].map((found) => ({
    text: found[0].toLowerCase(),
    at: { line: number, column: found.index + 1 },
  }));
}

const isOnly = (words: readonly Word[], text: string): boolean => words.length === 1 && words[0]?.text === text;

function readHierarchical(all: readonly Line[], start: number, file: string): ParsedPlan {
  const end = all.findIndex(({ words }, index) => index > start && isOnly(words, '<=='));
  if (end < 0) throw new PlanSyntaxError(file, { line: all.length, column: 1 }, '<== after the last line', 'the end');
  // Which of two is meant is not for us to say: what was judged would not be what somebody takes from the file.
  const [second] = all.slice(end + 1).find(({ words }) => isOnly(words, '==>'))?.words ?? [];
  if (second) throw new PlanSyntaxError(file, second.at, 'one plan', 'the beginning of a second one');
  const actions: { id: number; task: GroundTask }[] = [];
  const decompositions: Decomposition[] = [];
  let roots: { ids: number[]; line: number } | null = null;
  const places = new Map<string, number>();
  for (const { words, number } of all.slice(start + 1, end)) {
    const [first, ...rest] = words;
    if (!first) continue;
    if (first.text === 'root') {
      if (roots) throw new PlanSyntaxError(file, first.at, 'one line of roots', 'a second one');
      roots = { ids: rest.map((word) => idOf(word, file)), line: number };
      continue;
    }
    const id = idOf(first, file);
    const arrow = rest.findIndex((word) => word.text === '->');
    const task = taskOf(first, arrow < 0 ? rest : rest.slice(0, arrow), file);
    if (arrow < 0) actions.push({ id, task });
    else decompositions.push({ id, task, ...methodOf(rest, arrow, file) });
    const key = `${arrow < 0 ? 'action' : 'decomposition'} ${id}`;
    if (!places.has(key)) places.set(key, number);
  }
  if (!roots)
    throw new PlanSyntaxError(file, { line: end + 1, column: 1 }, 'a line "root" with the ids of the roots', '<==');
  const { ids, line } = roots;
  const lineOf = (place: PlanPlace): number | null => {
    if (place.kind === 'roots') return line;
    return 'id' in place ? (places.get(`${place.kind} ${place.id}`) ?? null) : null;
  };
  return { kind: 'hierarchical', plan: { actions, roots: ids, decompositions }, lineOf };
}

function idOf({ text, at }: Word, file: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw new PlanSyntaxError(file, at, 'an id (a whole number) or the word root', text);
}

function taskOf(id: Word, words: readonly Word[], file: string): GroundTask {
  const [name, ...args] = words;
  if (!name) throw new PlanSyntaxError(file, behind(id), `the name of a task after ${id.text}`, 'the end of the line');
  return { name: name.text, args: args.map(({ text }) => text) };
}

function methodOf(words: readonly Word[], arrow: number, file: string): { method: string; children: number[] } {
  const [mark, method, ...children] = words.slice(arrow);
  if (!mark) throw new Error('a decomposition without ->');
  if (!method) throw new PlanSyntaxError(file, behind(mark), 'the name of a method after ->', 'the end of the line');
  return { method: method.text, children: children.map((word) => idOf(word, file)) };
}

const behind = ({ text, at }: Word): Position => ({ line: at.line, column: at.column + text.length });

/** One action after the other, each in parentheses; a number and a colon may stand before it (`3: (drive a b)`). */
function readClassical(text: string, file: string): ParsedPlan {
  const actions: GroundTask[] = [];
  const lines: number[] = [];
  let open: Word | null = null;
  let words: Word[] = [];
  let latest = 0;
  for (const token of tokensOf(text)) {
    if (token.text === '(') {
      if (open) throw new PlanSyntaxError(file, token.at, 'a name or )', '(');
      open = token;
    } else if (token.text === ')') {
      const [name, ...args] = words;
      if (!open || !name) throw new PlanSyntaxError(file, token.at, open ? 'the name of an action' : '(', ')');
      actions.push({ name: name.text, args: args.map((word) => word.text) });
      lines.push(open.at.line);
      open = null;
      words = [];
    } else if (open) words.push(token);
    else latest = numberOf(token, latest, file);
  }
  if (open) throw new PlanSyntaxError(file, open.at, 'a ) for this (', 'the end');
  const lineOf = (place: PlanPlace): number | null => ('id' in place ? (lines[place.id - 1] ?? null) : null);
  return { kind: 'classical', plan: actions, lineOf };
}

/** Numbers that go back would say another order than the lines do, and the plan would be judged in the wrong one. */
function numberOf({ text, at }: Word, latest: number, file: string): number {
  if (!/^\d+(\.\d+)?:$/.test(text)) throw new PlanSyntaxError(file, at, 'an action such as (drive a b), or ==>', text);
  const number = Number(text.slice(0, -1));
  if (number < latest) throw new PlanSyntaxError(file, at, `a number of at least ${latest}`, text);
  return number;
}

function* tokensOf(text: string): Iterable<Word> {
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const code = line.split(';', 1)[0] ?? '';
    for (const found of code.matchAll(/[()]|[^\s()\ufeff]+/g)) {
      yield { text: found[0].toLowerCase(), at: { line: index + 1, column: found.index + 1 } };
    }
  }
}
