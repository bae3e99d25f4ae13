import type { ActionDef, Axiom, Declared, MethodDef, Typed } from '../model';
import { readCondition, TRUE } from './conditions';
import { readConstraints, together } from './constraints';
import { NO_EFFECT, readEffect } from './effects';
import {
  asList,
  asName,
  endsAfter,
  endsTooSoon,
  headOf,
  itemAt,
  readFields,
  spelling,
  unknownName,
  unsupported,
  wrong,
  type Field,
} from './forms';
import { NETWORK_KEYS, readNetwork } from './networks';
import { describeNode, type List, type Node } from './s-expression';
import { readArguments, scopeOf, type Scope, type Symbols } from './symbols';
import { OBJECT, type TypeTree } from './type-tree';
import { readTypedWords, readVariables } from './typed-lists';

const ACTION_KEYS = [':parameters', ':precondition', ':effect'];
const METHOD_KEYS = [':parameters', ':task', ':precondition', ':effect', ...NETWORK_KEYS];

type Fields = ReadonlyMap<string, Field>;

/** Name and parameters of a `:task` or `:action`; the rest of an action is read when all names are known. */
export function readTaskHeader(section: List, types: TypeTree): Declared {
  const fields = readFields(section, 2, ACTION_KEYS);
  const isTask = section.items[0]?.kind === 'word' && section.items[0].text === ':task';
  if (isTask) refuseParts(fields, [':precondition', ':effect'], 'conditions and effects of compound tasks');
  return header(section, fields, types);
}

function header(section: List, fields: Fields, types: TypeTree): Declared {
  const name = asName(itemAt(section, 1, 'a name'), 'a name');
  return { name: name.text, ...spelling(name), params: readParams(fields, types), at: section.at };
}

export function readParams(fields: Fields, types: TypeTree): readonly Typed[] {
  const field = fields.get(':parameters');
  return field ? readVariables(field.value, types) : [];
}

/** Some dialects give these parts a meaning; only an empty one changes nothing. */
function refuseParts(fields: Fields, keys: readonly string[], what: string): void {
  for (const key of keys) {
    const field = fields.get(key);
    if (field && !isEmpty(field.value)) throw unsupported(field.key, `${what} are not supported`);
  }
}

function isEmpty(node: Node): boolean {
  if (node.kind === 'word') return false;
  return node.items.length === 0 || (node.items.length === 1 && headOf(node)?.text === 'and');
}

export function readAction(section: List, symbols: Symbols): ActionDef {
  const fields = readFields(section, 2, ACTION_KEYS);
  const declared = header(section, fields, symbols.types);
  const scope = scopeOf(declared.params);
  const [precondition, effect] = [fields.get(':precondition'), fields.get(':effect')];
  return {
    ...declared,
    precondition: precondition ? readCondition(precondition.value, symbols, scope) : TRUE,
    effect: effect ? readEffect(effect.value, symbols, scope) : NO_EFFECT,
  };
}

/**
 * A method. `(sortof ?x - type)` among its constraints narrows the type of the parameter; its negation joins the precondition.
 *
 * @param compound the tasks that methods may do
 */
export function readMethod(section: List, symbols: Symbols, compound: ReadonlyMap<string, Declared>): MethodDef {
  const fields = readFields(section, 2, METHOD_KEYS);
  refuseParts(fields, [':effect'], 'effects of methods');
  const declared = header(section, fields, symbols.types);
  const constraints = readConstraints(fields.get(':constraints')?.value, declared.params, symbols);
  const scope = scopeOf(constraints.params);
  const field = fields.get(':task');
  if (!field) throw endsTooSoon(section, 'the part :task, which says what the method does');
  const task = readMethodTask(field.value, symbols, compound, scope);
  const precondition = fields.get(':precondition');
  const written = precondition ? readCondition(precondition.value, symbols, scope) : TRUE;
  return {
    ...declared,
    params: constraints.params,
    task,
    precondition: constraints.exclusions.length > 0 ? together([written, ...constraints.exclusions]) : written,
    network: readNetwork(fields, constraints.equalities, symbols, scope),
  };
}

function readMethodTask(
  node: Node,
  symbols: Symbols,
  compound: ReadonlyMap<string, Declared>,
  scope: Scope,
): MethodDef['task'] {
  const list = asList(node, 'the task of the method such as "(task ?x)"');
  const name = asName(itemAt(list, 0, 'a compound task'), 'a compound task');
  const declared = compound.get(name.text);
  if (!declared && symbols.tasks.has(name.text))
    throw wrong(name, 'a compound task', { found: `the action ${describeNode(name)}`, hint: 'Declare it with :task.' });
  if (!declared) throw unknownName(name, 'compound task', compound.keys(), 'Declare it with :task.');
  return { name: name.text, args: readArguments(list, [declared], symbols, scope) };
}

/** `(:derived (p ?x) condition)`; a variable without a type has that of the predicate's declaration. */
export function readAxiom(section: List, symbols: Symbols): Axiom {
  const head = asList(itemAt(section, 1, 'a predicate with its variables'), 'a predicate with its variables');
  const body = itemAt(section, 2, 'a condition');
  endsAfter(section, 3, 'the condition');
  const name = asName(itemAt(head, 0, 'a predicate'), 'a predicate');
  const declared = symbols.predicates.get(name.text);
  if (!declared) throw unknownName(name, 'predicate', symbols.predicates.keys(), 'Declare it in :predicates.');
  const words = readTypedWords(head, 1, 'variable').map(({ word }) => word);
  const written = readVariables({ ...head, items: head.items.slice(1) }, symbols.types);
  const overload = declared.find(({ params }) => params.length === written.length);
  const params = written.map((param, index) =>
    param.types.includes(OBJECT) ? { ...param, types: overload?.params[index]?.types ?? param.types } : param,
  );
  readArguments({ ...head, items: [name, ...words] }, declared, symbols, scopeOf(params));
  const condition = readCondition(body, symbols, scopeOf(params));
  return { name: name.text, ...spelling(name), params, at: section.at, condition };
}
