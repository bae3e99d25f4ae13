import type { Condition, PddlProblem, Typed } from '../model';
import { readConstraints, together } from './constraints';
import { readParams } from './definitions';
import { readFields } from './forms';
import { NETWORK_KEYS, readNetwork } from './networks';
import type { List } from './s-expression';
import { scopeOf, type Symbols } from './symbols';

/** The initial task network. Here every object is known, so that `(not (sortof ?x - type))` becomes one inequality for each. */
export function readGoalNetwork(section: List, symbols: Symbols): NonNullable<PddlProblem['network']> {
  const fields = readFields(section, 1, [':parameters', ...NETWORK_KEYS]);
  const written = readParams(fields, symbols.types);
  const { params, equalities, exclusions } = readConstraints(fields.get(':constraints')?.value, written, symbols);
  const constraints = together([equalities, ...exclusions.flatMap((one) => inequalities(one, symbols))]);
  return { params, ...readNetwork(fields, constraints, symbols, scopeOf(params)) };
}

/** `not exists (?y - type) (= ?x ?y)`, spelled out. */
function inequalities(exclusion: Condition, symbols: Symbols): readonly Condition[] {
  if (exclusion.kind !== 'not' || exclusion.of.kind !== 'exists' || exclusion.of.of.kind !== 'equal')
    return [exclusion];
  const [{ types } = { types: [] as readonly string[] }]: readonly Pick<Typed, 'types'>[] = exclusion.of.vars;
  const { left } = exclusion.of.of;
  return [...symbols.objects.values()]
    .filter((object) => object.types.some((type) => types.some((upper) => symbols.types.isSubtype(type, upper))))
    .map(({ name }) => ({ kind: 'not', of: { kind: 'equal', left, right: name } }));
}
