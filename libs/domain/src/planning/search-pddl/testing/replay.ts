import type {
  Atom,
  Condition,
  Effect,
  GroundTask,
  HierarchicalPlan,
  PddlDomain,
  PddlProblem,
  Typed,
} from '../../pddl/model';

type Env = Readonly<Record<string, string>>;

/** A second, naive reading of the language, for tests: facts are texts, nothing is numbered, axioms are applied until nothing new follows. */
export class Replay {
  private facts: Set<string>;
  /** Null when an action has changed something since. */
  private derived: Set<string> | null = null;

  constructor(
    private readonly domain: PddlDomain,
    private readonly problem: PddlProblem,
    facts?: ReadonlySet<string>,
  ) {
    this.facts = new Set(facts ?? problem.init.map((atom) => this.text(atom, {})));
  }

  /** The same moment once more, to be continued in another way. */
  fork(): Replay {
    return new Replay(this.domain, this.problem, this.facts);
  }

  /** All facts that hold, as one text. */
  get state(): string {
    return [...this.facts].toSorted().join(', ');
  }

  get isGoal(): boolean {
    return this.holds(this.problem.goal, {});
  }

  /** Why the plan is wrong, or null. */
  checkSequence(plan: readonly GroundTask[]): string | null {
    for (const step of plan) {
      const wrong = this.execute(step);
      if (wrong) return wrong;
    }
    return this.holds(this.problem.goal, {}) ? null : 'goal';
  }

  /** Does one action; why that is not possible, or null. */
  execute(step: GroundTask): string | null {
    const action = this.domain.actions.find(({ name }) => name === step.name);
    if (!action || !this.fits(action.params, step.args)) return `no action ${step.name} ${step.args.join(' ')}`;
    const env = Object.fromEntries(action.params.map(({ name }, index) => [name, step.args[index] ?? '']));
    if (!this.holds(action.precondition, env)) return `precondition of ${step.name} ${step.args.join(' ')}`;
    const changes: { text: string; add: boolean }[] = [];
    this.collect(action.effect, env, changes);
    for (const { text, add } of changes) if (!add) this.facts.delete(text);
    for (const { text, add } of changes) if (add) this.facts.add(text);
    this.derived = null;
    return null;
  }

  /** Every way to bind some variables so that a condition holds now. */
  bindings(vars: readonly Typed[], given: Env, condition: Condition): Env[] {
    const free = vars.filter(({ name }) => given[name] === undefined);
    const bound = vars.filter(({ name }) => given[name] !== undefined);
    if (
      !this.fits(
        bound,
        bound.map(({ name }) => given[name] ?? ''),
      )
    )
      return [];
    return this.cases(free, given).filter((env) => this.holds(condition, env));
  }

  /** Also checks that the tree is made of methods of the domain, in an order they allow. */
  checkHierarchical(plan: HierarchicalPlan): string | null {
    const tasks = new Map([...plan.actions, ...plan.decompositions].map(({ id, task }) => [id, task]));
    const places = new Map(plan.actions.map(({ id }, place) => [id, place]));
    const all = [...plan.roots, ...plan.decompositions.flatMap(({ children }) => children)].toSorted((a, b) => a - b);
    if (all.join() !== [...tasks.keys()].toSorted((a, b) => a - b).join()) return 'ids are not used once each';
    const span = (id: number): number[] => {
      const own = places.get(id);
      if (own !== undefined) return [own];
      return plan.decompositions.find((one) => one.id === id)?.children.flatMap(span) ?? [];
    };
    for (const { task, method: name, children } of plan.decompositions) {
      const method = this.domain.methods.find((one) => one.name === name && one.task.name === task.name);
      if (!method) return `no method ${name}`;
      if (method.network.members.length !== children.length) return `members of ${name}`;
      const env: Record<string, string> = {};
      const bind = (terms: readonly string[], values: readonly string[]): boolean =>
        terms.every(
          (term, index) => (term.startsWith('?') ? (env[term] ??= values[index] ?? '') : term) === values[index],
        );
      if (!bind(method.task.args, task.args)) return `head of ${name}`;
      for (const [index, member] of method.network.members.entries()) {
        const child = tasks.get(children[index] ?? -1);
        if (child?.name !== member.task || !bind(member.args, child.args)) return `member ${member.id} of ${name}`;
      }
      for (const [before, after] of method.network.ordering) {
        const at = (id: string) => span(children[method.network.members.findIndex((member) => member.id === id)] ?? -1);
        if (Math.max(-1, ...at(before)) >= Math.min(Infinity, ...at(after))) return `order in ${name}`;
      }
    }
    return this.checkSequence(plan.actions.map(({ task }) => task));
  }

  /** What the axioms give: applied until nothing new follows. They must not need the absence of derived facts. */
  private derivedFacts(): ReadonlySet<string> {
    if (this.derived) return this.derived;
    const found = (this.derived = new Set<string>());
    for (let before = -1; before !== found.size;) {
      before = found.size;
      for (const { name, params, condition } of this.domain.axioms) {
        const args = params.map((param) => param.name);
        for (const env of this.bindings(params, {}, condition)) found.add(this.text({ predicate: name, args }, env));
      }
    }
    return found;
  }

  private collect(effect: Effect, env: Env, into: { text: string; add: boolean }[]): void {
    if (effect.kind === 'and') for (const part of effect.parts) this.collect(part, env, into);
    else if (effect.kind === 'add' || effect.kind === 'delete') {
      into.push({ text: this.text(effect.atom, env), add: effect.kind === 'add' });
    } else if (effect.kind === 'forall')
      for (const inner of this.cases(effect.vars, env)) this.collect(effect.of, inner, into);
    else if (effect.kind === 'when' && this.holds(effect.if, env)) this.collect(effect.then, env, into);
  }

  private holds(condition: Condition, env: Env): boolean {
    switch (condition.kind) {
      case 'true':
        return true;
      case 'atom': {
        const text = this.text(condition.atom, env);
        if (!this.domain.axioms.some(({ name }) => name === condition.atom.predicate)) return this.facts.has(text);
        return this.derivedFacts().has(text);
      }
      case 'equal':
        return (env[condition.left] ?? condition.left) === (env[condition.right] ?? condition.right);
      case 'not':
        return !this.holds(condition.of, env);
      case 'and':
        return condition.parts.every((part) => this.holds(part, env));
      case 'or':
        return condition.parts.some((part) => this.holds(part, env));
      case 'imply':
        return !this.holds(condition.if, env) || this.holds(condition.then, env);
      case 'forall':
        return this.cases(condition.vars, env).every((inner) => this.holds(condition.of, inner));
      case 'exists':
        return this.cases(condition.vars, env).some((inner) => this.holds(condition.of, inner));
    }
  }

  private cases(vars: readonly Typed[], env: Env): Env[] {
    const objects = [...this.domain.constants, ...this.problem.objects].map(({ name }) => name);
    return vars.reduce<Env[]>(
      (all, one) =>
        all.flatMap((inner) => objects.filter((o) => this.fits([one], [o])).map((o) => ({ ...inner, [one.name]: o }))),
      [env],
    );
  }

  private fits(params: readonly Typed[], args: readonly string[]): boolean {
    const objects = [...this.domain.constants, ...this.problem.objects];
    return params.every(({ types }, index) => {
      const above = new Set(['object', ...objects.filter(({ name }) => name === args[index]).flatMap((o) => o.types)]);
      for (const type of above) for (const parent of this.domain.types.get(type) ?? []) above.add(parent);
      return types.some((type) => above.has(type));
    });
  }

  private text({ predicate, args }: Atom, env: Env): string {
    return [predicate, ...args.map((term) => env[term] ?? term)].join(' ');
  }
}
