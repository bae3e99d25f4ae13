import type { PddlDomain, Typed } from '../pddl/model';
import { hashText } from './mix';

const typed = (params: readonly Typed[]): string =>
  params.map(({ name, types }) => `${name}:${[...types].sort().join('|')}`).join(',');

/**
 * What a domain says, as 16 hexadecimal digits: types, predicates, actions and axioms. Its own name, the order of declarations and
 * the layout of the file do not matter.
 */
export function domainDigest(domain: PddlDomain): string {
  const lines = [
    ...[...domain.types].map(([name, above]) => `type ${name} ${[...above].sort().join('|')}`),
    ...domain.constants.map((constant) => `constant ${typed([constant])}`),
    ...domain.predicates.map(
      ({ name, params }) => `predicate ${name} ${params.map(({ types }) => [...types].sort().join('|')).join(',')}`,
    ),
    ...domain.actions.map(
      ({ name, params, precondition, effect }) =>
        `action ${name} ${typed(params)} ${JSON.stringify(precondition)} ${JSON.stringify(effect)}`,
    ),
    ...domain.axioms.map(
      ({ name, params, condition }) => `axiom ${name} ${typed(params)} ${JSON.stringify(condition)}`,
    ),
  ];
  const text = lines.sort().join('\n');
  return [hashText(text), hashText(text, 0x1b873593)]
    .map((half) => (half >>> 0).toString(16).padStart(8, '0'))
    .join('');
}
