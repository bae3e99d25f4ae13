import type { Atom, Declared, Term, Typed } from '../model';
import { asList, asName, endsTooSoon, isName, isVariable, unknownName, wrong } from './forms';
import { describeNode, type List, type Node, type Word } from './s-expression';
import type { TypeTree } from './type-tree';

/** Everything a name in a condition, an effect or a network may mean. */
export interface Symbols {
  readonly types: TypeTree;
  /** Constants, and in a problem objects. */
  readonly objects: ReadonlyMap<string, Typed>;
  /** A name may be declared for several kinds of arguments. */
  readonly predicates: ReadonlyMap<string, readonly Declared[]>;
  readonly functions: ReadonlyMap<string, Declared>;
  /** Compound tasks and actions. */
  readonly tasks: ReadonlyMap<string, Declared>;
  readonly derived: ReadonlySet<string>;
}

/** Declarations by name; several where a name is declared for several kinds of arguments. */
export function allByName(declared: readonly Declared[]): ReadonlyMap<string, readonly Declared[]> {
  const found = new Map<string, Declared[]>();
  for (const one of declared) {
    const list = found.get(one.name);
    if (list) list.push(one);
    else found.set(one.name, [one]);
  }
  return found;
}

/** Variables that may be used, with their types. */
export type Scope = ReadonlyMap<string, readonly string[]>;

export function scopeOf(vars: readonly Typed[], outer?: Scope): Scope {
  return new Map([...(outer ?? []), ...vars.map(({ name, types }) => [name, types] as const)]);
}

/** A variable of the scope, or a known constant or object. */
export function readTerm(node: Node, symbols: Symbols, scope: Scope): Term {
  if (node.kind === 'word' && isVariable(node)) {
    if (scope.has(node.text)) return node.text;
    const hint = scope.size > 0 ? 'Add it to the parameters.' : 'No variable is declared here.';
    throw unknownName(node, 'variable', scope.keys(), hint);
  }
  if (node.kind !== 'word' || !isName(node)) throw wrong(node, 'a variable or a name');
  if (symbols.objects.has(node.text)) return node.text;
  const hint = 'Declare it in :constants of the domain or in :objects of the problem; variables begin with "?".';
  throw unknownName(node, 'constant or object', symbols.objects.keys(), hint);
}

/** The predicate of an atom with its arguments, checked against the declaration. */
export function readAtom(list: List, symbols: Symbols, scope: Scope): Atom {
  const head = list.items[0];
  if (!head) throw endsTooSoon(list, 'a predicate');
  const name = asName(head, 'a predicate');
  const declared = symbols.predicates.get(name.text);
  if (!declared) throw unknownName(name, 'predicate', symbols.predicates.keys(), 'Declare it in :predicates.');
  return { predicate: name.text, args: readArguments(list, declared, symbols, scope) };
}

/** The arguments behind the head of a list, checked against one of the declarations of that head. */
export function readArguments(
  list: List,
  declared: readonly Declared[],
  symbols: Symbols,
  scope: Scope,
): readonly Term[] {
  const given = list.items.slice(1);
  const args = given.map((node) => readTerm(node, symbols, scope));
  const counted = declared.filter(({ params }) => params.length === args.length);
  if (counted.length === 0) throw wrongCount(list, declared);
  const mismatch = counted.map(({ params }) =>
    params.findIndex((param, index) => !fits(args[index] ?? '', param.types, symbols, scope)),
  );
  if (mismatch.includes(-1)) return args;
  const index = mismatch[0] ?? 0;
  const node = given[index] ?? list;
  const wanted = [...new Set(counted.map(({ params }) => params[index]?.types.join(' or ')))].join(' or ');
  const found = `${describeNode(node)} of type ${typesOf(args[index] ?? '', symbols, scope).join(' or ')}`;
  throw wrong(node, `argument ${index + 1} of ${declared[0]?.name} to be of type ${wanted}`, { found });
}

/** A variable fits if some value of it may; a constant or object if one of its types is at or below one that is asked for. */
function fits(term: Term, wanted: readonly string[], symbols: Symbols, scope: Scope): boolean {
  const types = typesOf(term, symbols, scope);
  if (term.startsWith('?')) return types.length === 0 || symbols.types.overlap(types, wanted);
  return types.some((type) => wanted.some((upper) => symbols.types.isSubtype(type, upper)));
}

export function typesOf(term: Term, symbols: Symbols, scope: Scope): readonly string[] {
  return scope.get(term) ?? symbols.objects.get(term)?.types ?? [];
}

function wrongCount(list: List, declared: readonly Declared[]): Error {
  const counts = [...new Set(declared.map(({ params }) => params.length))].sort((a, b) => a - b);
  const plural = counts.at(-1) === 1 ? 'argument' : 'arguments';
  const expected = `${counts.join(' or ')} ${plural} for ${declared[0]?.name}`;
  const at = declared[0]?.at;
  const hint = at && at.line > 0 ? `It is declared with ${counts.join(' or ')} in line ${at.line}.` : '';
  return wrong(list, expected, { found: `${list.items.length - 1} in ${describeNode(list)}`, hint });
}

/** A list that must name a declared task or action. */
export function readTask(node: Node, symbols: Symbols, scope: Scope): { name: Word; args: readonly Term[] } {
  const list = asList(node, 'a task such as "(name ?x)"');
  const head = list.items[0];
  if (!head) throw endsTooSoon(list, 'a task');
  const name = asName(head, 'a task');
  const declared = symbols.tasks.get(name.text);
  if (!declared) throw unknownName(name, 'task', symbols.tasks.keys(), 'Declare it with :task or :action.');
  return { name, args: readArguments(list, [declared], symbols, scope) };
}
