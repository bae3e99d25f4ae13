import type { Json, JsonObject } from '../json';
import { fillTemplate, type Values } from './template';
import type {
  AxiomDef,
  DomainPack,
  Literal,
  MethodDef,
  OperatorDef,
  ParamDef,
  SuccessPredicate,
  ToolBinding,
} from './pack';
import type { MethodChoice, Plan, PlanStep } from './plan';
import type { PlanProblem } from './validate-plan';

/** A step of the plan beside what the methods prescribe for it. */
export interface ExpectedStep {
  readonly step: PlanStep;
  readonly operator: string;
  readonly args: JsonObject;
  readonly when: readonly Literal[];
  readonly adds: readonly Literal[];
  readonly deletes: readonly Literal[];
  readonly tools: readonly ToolBinding[];
}

/** One decomposition: its conditions, the steps that came of it, and the steps that all of these must come after. */
export interface ExpectedGroup {
  readonly name: string;
  readonly when: readonly Literal[];
  readonly steps: readonly string[];
  readonly after: readonly string[];
  /** What must hold when the last of its steps is done. */
  readonly achieves?: readonly Literal[];
}

export interface ExpectedPlan {
  readonly steps: readonly ExpectedStep[];
  readonly groups: readonly ExpectedGroup[];
  readonly success: readonly Pick<SuccessPredicate, 'name' | 'args'>[];
  readonly axioms?: readonly AxiomDef[];
  readonly problems: readonly PlanProblem[];
}

/** Redoes every decomposition that the plan says it made. */
export function expectedSteps(plan: Plan, packs: readonly DomainPack[]): ExpectedPlan {
  const pack = packs.find((candidate) => candidate.name === plan.pack.name);
  const task = pack?.tasks.find((candidate) => candidate.name === plan.task.name);
  if (!pack || !task) {
    const message = `no pack "${plan.pack.name}" offers the task "${plan.task.name}"`;
    return { steps: [], groups: [], success: [], problems: [{ code: 'plan.unknown_task', stepId: null, message }] };
  }
  if (pack.version !== plan.pack.version) {
    const message = `the plan was made with ${pack.name} ${plan.pack.version}, loaded is ${pack.version}`;
    return { steps: [], groups: [], success: [], problems: [{ code: 'plan.unknown_task', stepId: null, message }] };
  }
  const walk = new Walk(plan, pack);
  walk.task({ lineage: task.name, task: task.name, args: plan.task.args, after: [] });
  const unused = plan.choices.filter((choice) => !walk.seen.has(choice));
  for (const choice of unused) walk.broken(`the choice of ${choice.method} at ${choice.lineage} belongs to nothing`);
  return {
    steps: walk.steps,
    groups: walk.groups,
    success: task.success.map(({ name, args }) => ({ name, args: fillTemplate(args, plan.task.args) as JsonObject })),
    problems: walk.problems,
    axioms: pack.axioms ?? [],
  };
}

interface Instance {
  readonly lineage: string;
  readonly task: string;
  readonly args: Values;
  /** Ids of steps that it must come after. */
  readonly after: readonly string[];
}

/** What a decomposition came to: its steps, and the one whose result it stands for. */
interface Outcome {
  readonly steps: readonly string[];
  readonly result: string | null;
}

class Walk {
  readonly steps: ExpectedStep[] = [];
  readonly groups: ExpectedGroup[] = [];
  readonly problems: PlanProblem[] = [];
  readonly seen = new Set<MethodChoice>();
  private readonly taken = new Set<string>();

  constructor(
    private readonly plan: Plan,
    private readonly pack: DomainPack,
  ) {}

  broken(message: string): void {
    this.problems.push({ code: 'plan.decomposition', stepId: null, message });
  }

  task(instance: Instance): Outcome {
    const choice = this.plan.choices.find((candidate) => candidate.lineage === instance.lineage);
    const nothing: Outcome = { steps: [], result: null };
    if (!choice || choice.task !== instance.task) {
      this.broken(`no method was chosen for ${instance.task} at ${instance.lineage}`);
      return nothing;
    }
    if (this.seen.has(choice)) {
      this.broken(`${instance.lineage} is decomposed twice`);
      return nothing;
    }
    this.seen.add(choice);
    const brought = (this.plan.ownMethods ?? []).filter(
      ({ task, name }) => task === instance.task && name === choice.method,
    );
    const method =
      this.pack.methods.find(({ task, name }) => task === instance.task && name === choice.method) ?? brought[0];
    if (!method) {
      this.broken(`${instance.task} has no method "${choice.method}" (at ${instance.lineage})`);
      return nothing;
    }
    const values = this.valuesOf(choice, instance);
    const outcome = this.members(method, instance, values);
    const when = method.when.map((literal) => groundOf(literal, values));
    const achieves = this.achieved(instance, brought.length > 0);
    this.groups.push({
      name: `${instance.lineage}:${method.name}`,
      when,
      steps: outcome.steps,
      after: instance.after,
      ...achieves,
    });
    return outcome;
  }

  /** A method that is not the pack's must bring about what the task says. */
  private achieved({ task, args }: Instance, isOwn: boolean): Pick<ExpectedGroup, 'achieves'> {
    const facts = isOwn ? (this.pack.tasks.find(({ name }) => name === task)?.achieves ?? []) : [];
    return facts.length > 0 ? { achieves: facts.map((literal) => groundOf(literal, args)) } : {};
  }

  /** The method's own variables must not overrule the arguments of its task. */
  private valuesOf(choice: MethodChoice, instance: Instance): Values {
    const params = this.pack.tasks.find(({ name }) => name === instance.task)?.params ?? [];
    for (const name of Object.keys(choice.bindings ?? {})) {
      if (params.some((param) => param.name === name))
        this.broken(`${choice.lineage} binds the parameter $${name} anew`);
    }
    return { ...choice.bindings, ...instance.args };
  }

  private members(method: MethodDef, instance: Instance, values: Values): Outcome {
    const outcomes = new Map<string, Outcome>();
    const pending = [...method.subtasks];
    while (pending.length > 0) {
      // Members whose predecessors and sources are known; a circle leaves none.
      const index = pending.findIndex((member) =>
        [...(member.after ?? []), ...mentioned(member.args)].every((id) => outcomes.has(id)),
      );
      const [member] = index < 0 ? [] : pending.splice(index, 1);
      if (!member) {
        this.broken(`the members of ${method.task}:${method.name} wait for one another`);
        break;
      }
      const after = (member.after ?? []).flatMap((id) => this.endOf(id, method, outcomes));
      const prefix = `${instance.lineage}:${method.name}/${member.id}`;
      const count = member.repeat ? Number(fillTemplate(member.repeat.count, values) ?? 0) : 1;
      const all: string[] = [];
      let result: string | null = null;
      let last: readonly string[] = [];
      for (let round = 0; round < count; round += 1) {
        const inner = member.repeat ? { ...values, [member.repeat.as]: round } : values;
        const refer = (id: string, path: string): Json => ({ $from: { step: outcomes.get(id)?.result ?? '', path } });
        const args = this.defaulted(member.task, fillTemplate(member.args, inner, refer) as JsonObject);
        const waits = member.repeat && !member.repeat.parallel ? last : [];
        const context = [...instance.after, ...after, ...waits];
        const outcome = this.instance(member.task, {
          prefix,
          round: member.repeat ? round : null,
          args,
          after: context,
        });
        all.push(...outcome.steps);
        result = outcome.result ?? result;
        if (outcome.steps.length > 0) last = outcome.steps;
      }
      outcomes.set(member.id, { steps: all, result });
    }
    const results = method.subtasks.flatMap(({ id }) => outcomes.get(id)?.result ?? []);
    return { steps: [...outcomes.values()].flatMap(({ steps }) => steps), result: results.at(-1) ?? null };
  }

  /** The steps of a member; where it has none, of those it came after. */
  private endOf(id: string, method: MethodDef, outcomes: ReadonlyMap<string, Outcome>): readonly string[] {
    const own = outcomes.get(id)?.steps ?? [];
    if (own.length > 0) return own;
    const member = method.subtasks.find((candidate) => candidate.id === id);
    return (member?.after ?? []).flatMap((previous) => this.endOf(previous, method, outcomes));
  }

  private instance(
    task: string,
    at: { prefix: string; round: number | null; args: JsonObject; after: readonly string[] },
  ): Outcome {
    const operator = this.pack.operators.find(({ name }) => name === task);
    if (operator) return this.operator(operator, at);
    const lineage = at.round === null ? at.prefix : `${at.prefix}[${at.round}]`;
    return this.task({ lineage, task, args: at.args, after: at.after });
  }

  private operator(operator: OperatorDef, at: { prefix: string; args: JsonObject; after: readonly string[] }): Outcome {
    const free = this.plan.steps.filter(({ id, lineage }) => lineage === at.prefix && !this.taken.has(id));
    const step = free[0];
    if (!step) {
      this.broken(`${at.prefix} should have a step and has none`);
      return { steps: [], result: null };
    }
    this.taken.add(step.id);
    const args = onlyParams(at.args, operator.params);
    const ground = (literals: readonly Literal[]): Literal[] => literals.map((literal) => groundOf(literal, args));
    this.steps.push({
      step,
      operator: operator.name,
      args,
      when: ground(operator.when),
      adds: ground(operator.adds),
      deletes: ground(operator.deletes),
      tools: operator.tools.map((binding) => ({
        tool: binding.tool,
        args: fillTemplate(binding.args, args) as JsonObject,
      })),
    });
    this.groups.push({ name: step.id, when: [], steps: [step.id], after: at.after });
    return { steps: [step.id], result: step.id };
  }

  private defaulted(task: string, args: JsonObject): JsonObject {
    const params = [...this.pack.tasks, ...this.pack.operators].find(({ name }) => name === task)?.params ?? [];
    const defaults = params.flatMap(({ name, default: own }) =>
      own === undefined || args[name] !== undefined ? [] : [[name, own] as const],
    );
    return { ...args, ...Object.fromEntries(defaults) };
  }
}

function onlyParams(args: JsonObject, params: readonly ParamDef[]): JsonObject {
  return Object.fromEntries(
    params.flatMap(({ name }) => (args[name] === undefined ? [] : [[name, args[name]] as const])),
  );
}

function groundOf(literal: Literal, values: Values): Literal {
  const args = literal.args.map((arg) => fillTemplate(arg, values) ?? null);
  return { predicate: literal.predicate, args, ...(literal.not ? { not: true } : {}) };
}

/** Members whose results the arguments mention. */
function mentioned(args: JsonObject): string[] {
  return [...JSON.stringify(args).matchAll(/"\{\{\s*steps\.([A-Za-z0-9_-]+)[A-Za-z0-9_.-]*\s*\}\}"/g)].map(
    (match) => match[1] ?? '',
  );
}
