import type { Atom, PddlProblem } from '../model';
import { readFunction } from './effects';
import { asList, endsAfter, headOf, itemAt, MAX_COST, numberOf, takenName, unsupported, wrong } from './forms';
import type { List, Node, Word } from './s-expression';
import { readAtom, type Symbols } from './symbols';

const NO_VARIABLES: ReadonlyMap<string, readonly string[]> = new Map();

/** Facts, each once, and values of functions; a negated fact says what holds anyway. */
export function readInit(sections: readonly List[], symbols: Symbols): Pick<PddlProblem, 'init' | 'values'> {
  const init = new Map<string, Atom>();
  const values = new Map<string, PddlProblem['values'][number]>();
  for (const node of sections.flatMap((section) => section.items.slice(1).flatMap(facts))) {
    const head = headOf(node);
    if (head?.text === '=') {
      const value = readValue(node, symbols);
      const key = [value.function, ...value.args].join(' ');
      if (values.has(key)) throw valueTwice(node, head);
      values.set(key, value);
    } else if (head?.text === 'not') {
      const expected = 'a fact to deny';
      readAtom(asList(itemAt(node, 1, expected), expected), symbols, NO_VARIABLES);
      endsAfter(node, 2, 'the fact of not');
    } else {
      if (head?.text === 'at' && numberOf(node.items[1] ?? node) !== null && node.items[2]?.kind === 'list')
        throw unsupported(node, 'facts that change at given times are not supported');
      const atom = readAtom(node, symbols, NO_VARIABLES);
      init.set([atom.predicate, ...atom.args].join(' '), atom);
    }
  }
  return { init: [...init.values()], values: [...values.values()] };
}

/** Some files wrap their facts in `and`; an empty list says nothing. */
function facts(node: Node): readonly List[] {
  const list = asList(node, 'a fact such as "(at truck depot)"');
  if (list.items.length === 0) return [];
  return headOf(list)?.text === 'and' ? list.items.slice(1).flatMap(facts) : [list];
}

function valueTwice(node: List, head: Word): Error {
  return node.items[1] ? wrong(node.items[1], 'a function without a value so far') : takenName(head, 'value');
}

/** `(= (distance a b) 3)` */
function readValue(node: List, symbols: Symbols): PddlProblem['values'][number] {
  const target = itemAt(node, 1, 'a function such as "(distance a b)"');
  const number = itemAt(node, 2, 'a number');
  endsAfter(node, 3, 'the number');
  const of = readFunction(asList(target, 'a function such as "(distance a b)"'), symbols, NO_VARIABLES);
  const value = numberOf(number);
  if (value === null) throw wrong(number, 'a number');
  if (value < 0) throw wrong(number, 'a number of 0 or more', { hint: 'Costs cannot be negative.' });
  if (value > MAX_COST) throw wrong(number, `a number of at most ${MAX_COST}`);
  return { ...of, value };
}
