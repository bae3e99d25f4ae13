import type { Atom, Condition, Typed } from '../pddl/model';
import { Join } from './join';
import type { Lifted } from './lifted';
import { TooLarge } from './meter';
import type { Meter } from './meter';
import { collectDemands, emptyDemands } from './normal-form';
import { Relations } from './relation';

interface Rule {
  readonly join: Join;
  readonly vars: ReadonlyMap<string, number>;
  readonly wanted: readonly boolean[];
  readonly heads: readonly Atom[];
  readonly atomCount: number;
}

/**
 * The facts that some sequence of actions could reach if nothing were ever deleted and negative conditions always held: a
 * semi-naive evaluation of the actions and axioms read as Datalog rules.
 *
 * @throws {TooLarge} when there are more than `maxFacts`
 * @see Helmert, Concise finite-domain representations for PDDL planning tasks, Artificial Intelligence 173 (2009), §6
 */
export function reachFacts(lifted: Lifted, meter: Meter, maxFacts: number): Relations {
  const { world } = lifted;
  const relations = new Relations(world.objects.length);
  const queue: { predicate: string; tuple: readonly number[] }[] = [];
  for (const { predicate, args } of world.problem.init) {
    const tuple = args.map((name) => world.objectIds.get(name) ?? -1);
    if (world.isStatic(predicate)) relations.of(predicate, tuple.length).add(tuple);
    else queue.push({ predicate, tuple });
  }
  const rules = buildRules(lifted, relations, meter);
  const triggers = new Map<string, { rule: Rule; atom: number }[]>();
  const fire = (rule: Rule, row: readonly number[]): void => {
    for (const { predicate, args } of rule.heads) {
      const tuple = args.map((term) => row[rule.vars.get(term) ?? -1] ?? world.objectIds.get(term) ?? -1);
      if (!relations.of(predicate, tuple.length).has(tuple)) queue.push({ predicate, tuple });
    }
  };
  for (const rule of rules) {
    let triggered = false;
    for (let atom = 0; atom < rule.atomCount; atom += 1) {
      const predicate = rule.join.predicateOf(atom);
      if (world.isStatic(predicate)) continue;
      triggered = true;
      triggers.set(predicate, [...(triggers.get(predicate) ?? []), { rule, atom }]);
    }
    if (!triggered) rule.join.run([], -1, rule.wanted, (row) => fire(rule, row));
  }
  for (let next = 0; next < queue.length; next += 1) {
    const fact = queue[next];
    meter.spend(1); // also for what was queued before: there may be far more of that than of facts
    if (!fact || !relations.of(fact.predicate, fact.tuple.length).add(fact.tuple)) continue;
    if (relations.size > maxFacts) throw new TooLarge();
    for (const { rule, atom } of triggers.get(fact.predicate) ?? []) {
      const bound = rule.join.unify(atom, fact.tuple);
      if (bound) rule.join.run(bound, atom, rule.wanted, (row) => fire(rule, row));
    }
  }
  return relations;
}

function buildRules(lifted: Lifted, relations: Relations, meter: Meter): Rule[] {
  const rules: Rule[] = [];
  const add = (params: readonly Typed[], conditions: readonly Condition[], heads: readonly Atom[]): void => {
    const demands = emptyDemands();
    for (const condition of conditions) collectDemands(condition, demands);
    const wanted = params.map(({ name }) => heads.some(({ args }) => args.includes(name)));
    const join = new Join(lifted.world, relations, { vars: params, demands }, meter);
    const vars = new Map(params.map(({ name }, index) => [name, index]));
    rules.push({ join, vars, wanted, heads, atomCount: demands.atoms.length });
  };
  for (const { def, condition, effects } of lifted.actions.values()) {
    for (const effect of effects.effects) {
      if (effect.adds.length === 0) continue;
      const inner = new Set(effect.vars.map(({ name }) => name));
      const outer = def.params.filter(({ name }) => !inner.has(name));
      const conditions = outer.length < def.params.length ? [effect.condition] : [condition, effect.condition];
      add([...outer, ...effect.vars], conditions, effect.adds);
    }
  }
  for (const { def, condition } of lifted.axioms) {
    add(def.params, [condition], [{ predicate: def.name, args: def.params.map(({ name }) => name) }]);
  }
  return rules;
}
