import type { Axiom, Condition, PddlDomain, PddlProblem } from '../pddl/model';

/**
 * Facts of derived predicates that the initial state states outright, as rules that always hold: no action can take such a fact away,
 * and the searches work derived facts out anew in every state, from the rules alone.
 *
 * @returns the same domain and problem where there are none
 */
export function ruleGivenFacts(domain: PddlDomain, problem: PddlProblem): { domain: PddlDomain; problem: PddlProblem } {
  const derived = new Map(domain.axioms.map((axiom) => [axiom.name, axiom.at]));
  const given = problem.init.flatMap<Axiom>(({ predicate, args }) => {
    const at = derived.get(predicate);
    if (!at) return [];
    const params = args.map((_, index) => ({ name: `?${index}`, types: ['object'] }));
    const parts = args.map<Condition>((object, index) => ({ kind: 'equal', left: `?${index}`, right: object }));
    return [{ name: predicate, params, at, condition: { kind: 'and', parts } }];
  });
  if (given.length === 0) return { domain, problem };
  const init = problem.init.filter(({ predicate }) => !derived.has(predicate));
  return { domain: { ...domain, axioms: [...domain.axioms, ...given] }, problem: { ...problem, init } };
}
