import type { Position } from '../model';
import { tokensOf, type Token } from './lexer';
import { PddlSyntaxError } from './pddl-syntax-error';

export interface Word {
  readonly kind: 'word';
  /** In lower case: the languages do not tell upper from lower. */
  readonly text: string;
  /** As written. */
  readonly raw: string;
  readonly at: Position;
  readonly file: string;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Node[];
  /** The opening parenthesis. */
  readonly at: Position;
  /** The closing parenthesis. */
  readonly end: Position;
  readonly file: string;
}

export type Node = Word | List;

/** How deep parentheses may nest; domains stay below twenty. */
export const MAX_DEPTH = 400;

interface OpenList {
  readonly items: Node[];
  readonly at: Position;
}

/**
 * The one list that a planning file holds, read without recursion.
 *
 * @throws {PddlSyntaxError} nothing in it, unbalanced or too deep parentheses, anything behind the list
 */
export function readList(text: string, file: string): List {
  const open: OpenList[] = [];
  let whole: List | undefined;
  for (const token of tokensOf(text, file)) {
    const list = open.at(-1);
    if (whole || (!list && token.kind !== '(')) throw misplaced(file, token, whole);
    if (token.kind === '(') {
      if (open.length === MAX_DEPTH) throw tooDeep(file, token);
      open.push({ items: [], at: token.at });
    } else if (token.kind === 'word') {
      list?.items.push({ kind: 'word', text: token.raw.toLowerCase(), raw: token.raw, at: token.at, file });
    } else if (list) {
      open.pop();
      const done: List = { kind: 'list', items: list.items, at: list.at, end: token.at, file };
      const outer = open.at(-1);
      if (outer) outer.items.push(done);
      else whole = done;
    }
  }
  if (!whole) throw incomplete(text, file, open);
  return whole;
}

function misplaced(file: string, token: Token, whole: List | undefined): PddlSyntaxError {
  const expected = whole ? 'the end of the file' : '"("';
  const hint = whole
    ? `The list that began in line ${whole.at.line} ends in line ${whole.end.line}: check the ")".`
    : '';
  return new PddlSyntaxError({ file, at: token.at, expected, found: `"${shorten(token.raw)}"`, hint });
}

function tooDeep(file: string, token: Token): PddlSyntaxError {
  return new PddlSyntaxError({
    file,
    at: token.at,
    expected: `at most ${MAX_DEPTH} nested parentheses`,
    found: 'another "("',
    hint: 'Check the parentheses.',
  });
}

function incomplete(text: string, file: string, open: readonly OpenList[]): PddlSyntaxError {
  const lines = text.split(/\r\n?|\n/);
  const last = lines.at(-1) ?? '';
  const bom = lines.length === 1 && last.startsWith('\uFEFF') ? 1 : 0;
  const at = { line: lines.length, column: last.length - bom + 1 };
  const inner = open.at(-1);
  const hint = inner ? `The "(" in line ${inner.at.line}, column ${inner.at.column} is never closed.` : '';
  return new PddlSyntaxError({ file, at, expected: inner ? '")"' : '"("', found: 'the end of the file', hint });
}

/** A text of any length, short enough for a message. */
export function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}

/** What a node is, for a message: `"foo"`, `"()"`, `"(and …)"`. */
export function describeNode(node: Node): string {
  if (node.kind === 'word') return `"${shorten(node.raw)}"`;
  const [head] = node.items;
  if (!head) return '"()"';
  const start = head.kind === 'word' ? shorten(head.raw) : '(…)';
  return node.items.length === 1 ? `"(${start})"` : `"(${start} …)"`;
}
