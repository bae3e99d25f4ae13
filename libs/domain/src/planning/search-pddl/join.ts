import type { Atom, Term } from '../pddl/model';
import type { Meter } from './meter';
import type { Demands } from './normal-form';
import type { Relation, Relations } from './relation';
import type { World } from './world';

export interface QueryVar {
  readonly name: string;
  readonly types: readonly string[];
  /** Further declarations that its value must fit, such as those of the subtasks it is passed to. */
  readonly also?: readonly (readonly string[])[];
}

/** A conjunction over typed variables whose solutions are wanted. */
export interface Query {
  readonly vars: readonly QueryVar[];
  readonly demands: Demands;
  /** Whether the relations are one state, in which absent facts are false; else only static ones are. */
  readonly isState?: boolean;
}

/** A term: the number of a variable, or −1 − the number of an object. */
type Code = number;

interface Check {
  readonly kind: 'same' | 'different' | 'absent';
  readonly args: readonly Code[];
  readonly relation: Relation | null;
}

interface Step {
  /** Null: enumerate `domain` for the variable `args[0]`. */
  readonly relation: Relation | null;
  readonly args: readonly Code[];
  readonly mask: number;
  readonly domain: readonly number[];
  readonly checks: readonly Check[];
}

/** Joins a query against relations; the order of the atoms is chosen greedily by expected fan-out, bound values first. */
export class Join {
  private readonly varIds: Map<string, number>;
  private readonly plans = new Map<string, Step[]>();
  private readonly atoms: { relation: Relation; args: Code[] }[];
  private readonly checks: Check[];
  private readonly domains: (readonly number[])[];
  private readonly typeOk: ((object: number) => boolean)[];

  constructor(
    private readonly world: World,
    relations: Relations,
    private readonly query: Query,
    private readonly meter: Meter,
  ) {
    this.varIds = new Map(query.vars.map(({ name }, index) => [name, index]));
    const relationOf = (atom: Atom) => relations.of(atom.predicate, atom.args.length);
    this.atoms = query.demands.atoms.map((atom) => ({ relation: relationOf(atom), args: this.codes(atom.args) }));
    this.typeOk = query.vars.map(({ types, also = [] }) => {
      return (object) => world.isOf(object, types) && also.every((other) => world.isOf(object, other));
    });
    this.domains = query.vars.map(({ types }, index) => {
      return world.membersOf(types).filter((object) => this.typeOk[index]?.(object));
    });
    const negative = query.demands.negative.filter(({ predicate }) => query.isState || world.isStatic(predicate));
    this.checks = [
      ...query.demands.equalities.map(({ left, right, same }) => {
        return {
          kind: same ? ('same' as const) : ('different' as const),
          args: this.codes([left, right]),
          relation: null,
        };
      }),
      ...negative.map((atom) => ({ kind: 'absent' as const, args: this.codes(atom.args), relation: relationOf(atom) })),
    ];
  }

  /** How many atoms the query has and which predicate each is about, for triggering by a new fact. */
  predicateOf(atom: number): string {
    return this.query.demands.atoms[atom]?.predicate ?? '';
  }

  /**
   * Calls `found` with each solution: one object number per variable (the array is reused).
   * @param bound values fixed beforehand, −1 where free
   * @param skip number of an atom that is known to hold, or −1
   * @param wanted variables that must be bound in the solutions; others stay −1 where nothing binds them
   */
  run(bound: readonly number[], skip: number, wanted: readonly boolean[] | null, found: (row: number[]) => void): void {
    if (this.query.demands.impossible) return;
    const values = this.query.vars.map((_, index) => bound[index] ?? -1);
    if (values.some((value, index) => value >= 0 && !this.typeOk[index]?.(value))) return;
    const plan = this.planFor(values, skip, wanted);
    const first = plan[0];
    if (!first || !this.passes(first.checks, values)) return;
    this.descend({ plan, values, found }, 1);
  }

  /** Values that make atom number `atom` be the tuple, or null when it cannot. */
  unify(atom: number, tuple: readonly number[]): number[] | null {
    const values = this.query.vars.map(() => -1);
    const args = this.atoms[atom]?.args ?? [];
    for (let i = 0; i < args.length; i += 1) {
      const code = args[i] ?? 0;
      const value = tuple[i] ?? 0;
      if (code < 0 ? -1 - code !== value : (values[code] ?? -1) >= 0 && values[code] !== value) return null;
      if (code >= 0) values[code] = value;
    }
    return values;
  }

  private descend(run: { plan: Step[]; values: number[]; found: (row: number[]) => void }, depth: number): void {
    const { plan, values } = run;
    const step = plan[depth];
    if (!step) return run.found(values);
    if (!step.relation) {
      const variable = step.args[0] ?? 0;
      this.meter.spend(step.domain.length);
      for (const value of step.domain) {
        values[variable] = value;
        if (this.passes(step.checks, values)) this.descend(run, depth + 1);
      }
      values[variable] = -1;
      return;
    }
    const key: number[] = [];
    step.args.forEach((code, position) => {
      if ((step.mask >> position) & 1) key.push(code < 0 ? -1 - code : (values[code] ?? 0));
    });
    const rows = step.relation.match(step.mask, key);
    this.meter.spend(rows.length + 1);
    const count = rows.length;
    for (let i = 0; i < count; i += 1) {
      const tuple = step.relation.tuples[rows[i] ?? 0] ?? [];
      if (this.bind(step, tuple, values) && this.passes(step.checks, values)) this.descend(run, depth + 1);
      for (let p = 0; p < step.args.length; p += 1) if (!((step.mask >> p) & 1)) values[step.args[p] ?? 0] = -1;
    }
  }

  private bind(step: Step, tuple: readonly number[], values: number[]): boolean {
    for (let p = 0; p < step.args.length; p += 1) {
      if ((step.mask >> p) & 1) continue;
      const variable = step.args[p] ?? 0;
      const value = tuple[p] ?? 0;
      const before = values[variable] ?? -1;
      if (before >= 0 ? before !== value : !this.typeOk[variable]?.(value)) return false;
      values[variable] = value;
    }
    return true;
  }

  private passes(checks: readonly Check[], values: readonly number[]): boolean {
    for (const check of checks) {
      const row = check.args.map((code) => (code < 0 ? -1 - code : (values[code] ?? -1)));
      if (check.kind === 'absent' ? check.relation?.has(row) : (row[0] === row[1]) !== (check.kind === 'same'))
        return false;
    }
    return true;
  }

  private planFor(values: readonly number[], skip: number, wanted: readonly boolean[] | null): Step[] {
    const key = `${skip}:${wanted ? 1 : 0}:${values.map((value) => (value >= 0 ? '1' : '0')).join('')}`;
    const known = this.plans.get(key);
    if (known) return known;
    const made = this.makePlan(values, skip, wanted);
    this.plans.set(key, made);
    return made;
  }

  private makePlan(values: readonly number[], skip: number, wanted: readonly boolean[] | null): Step[] {
    const bound = new Set(values.flatMap((value, index) => (value >= 0 ? [index] : [])));
    const checksLeft = new Set(this.checks);
    const takeChecks = (): Check[] => {
      const ready = [...checksLeft].filter(({ args }) => args.every((code) => code < 0 || bound.has(code)));
      for (const check of ready) checksLeft.delete(check);
      return ready;
    };
    const steps: Step[] = [{ relation: null, args: [], mask: 0, domain: [], checks: takeChecks() }];
    const left = new Set(this.atoms.filter((_, index) => index !== skip));
    while (left.size > 0) {
      const { atom, mask } = this.cheapest([...left], bound);
      left.delete(atom);
      for (const code of atom.args) if (code >= 0) bound.add(code);
      steps.push({ relation: atom.relation, args: atom.args, mask, domain: [], checks: takeChecks() });
    }
    this.domains.forEach((domain, variable) => {
      const needed = !wanted || wanted[variable] || [...checksLeft].some(({ args }) => args.includes(variable));
      if (bound.has(variable) || (!needed && domain.length > 0)) return;
      bound.add(variable);
      steps.push({ relation: null, args: [variable], mask: 0, domain, checks: takeChecks() });
    });
    return steps;
  }

  private cheapest(atoms: { relation: Relation; args: Code[] }[], bound: ReadonlySet<number>) {
    let best: { atom: { relation: Relation; args: Code[] }; mask: number; cost: number } | null = null;
    for (const atom of atoms) {
      let mask = 0;
      atom.args.forEach((code, position) => (mask |= code < 0 || bound.has(code) ? 1 << position : 0));
      const full = mask === (1 << atom.args.length) - 1;
      const fluent = this.world.isStatic(atom.relation.predicate) ? 0 : 4;
      const cost = full ? 0 : atom.relation.fanOut(mask) + fluent;
      if (!best || cost < best.cost) best = { atom, mask, cost };
    }
    if (!best) throw new Error('No atom is left to order');
    return best;
  }

  private codes(args: readonly Term[]): Code[] {
    return args.map((term) => {
      const variable = this.varIds.get(term);
      if (variable !== undefined) return variable;
      const object = this.world.objectIds.get(term);
      if (object === undefined)
        throw new Error(`Unknown object or variable ${term}; declare it as an object, constant or parameter`);
      return -1 - object;
    });
  }
}
