import type { Declared, Member, MethodDef, PddlDomain, PddlProblem, TaskNetwork, Term, Typed } from '../pddl/model';
import { conditionTerms } from './condition-terms';

/** Nobody can write a space in a name, so these never meet others. */
const MARK = ' ';

/** Whether a task was made up by {@link splitMethods}: it stands for the one member of its method. */
export function isMadeUp(task: string): boolean {
  return task.startsWith(MARK);
}

interface Parts {
  readonly tasks: Declared[];
  readonly methods: MethodDef[];
}

/**
 * Takes parameters that only one member of a network uses out of the network: the member is replaced by a made-up task, whose one
 * method binds them. A network with several such members then has as many ground instances as the sum of their bindings, not as
 * the product; and they are bound when the member's turn comes, not before. Plans are put together again by {@link isMadeUp}.
 *
 * @see Behnke, Höller, Schmid, Bercher and Biundo, On succinct groundings of HTN planning problems, AAAI 2020
 */
export function splitMethods(domain: PddlDomain, problem: PddlProblem): { domain: PddlDomain; problem: PddlProblem } {
  const made: Parts = { tasks: [], methods: [] };
  const methods = domain.methods.map((method) => {
    const kept = [...method.task.args, ...conditionTerms(method.precondition)];
    return { ...method, ...split(method, kept, made) };
  });
  const network = problem.network && { ...problem.network, ...splitNetwork(problem.network, made) };
  if (made.tasks.length === 0) return { domain, problem };
  return {
    domain: { ...domain, tasks: [...domain.tasks, ...made.tasks], methods: [...methods, ...made.methods] },
    problem: { ...problem, network },
  };
}

function splitNetwork(network: TaskNetwork & { readonly params: readonly Typed[] }, made: Parts) {
  const { params, network: members } = split({ name: '', params: network.params, network }, [], made);
  return { params, ...members };
}

/** @param kept terms that the method itself needs, apart from those of its members */
function split(
  { name, params, network }: { name: string; params: readonly Typed[]; network: TaskNetwork },
  kept: readonly Term[],
  made: Parts,
): { params: readonly Typed[]; network: TaskNetwork } {
  const uses = new Map<Term, number>();
  for (const { args } of network.members) for (const term of new Set(args)) uses.set(term, (uses.get(term) ?? 0) + 1);
  const fixed = new Set([...kept, ...conditionTerms(network.constraints)]);
  const isOwn = (term: Term): boolean => uses.get(term) === 1 && !fixed.has(term);
  const moved = new Set<Term>();
  const members = network.members.map((member, index) => {
    const own = params.filter((param) => isOwn(param.name) && member.args.includes(param.name));
    const isPassed = (param: Typed): boolean => own.includes(param) || member.args.includes(param.name);
    if (own.length === 0 || params.every(isPassed)) return member;
    for (const param of own) moved.add(param.name);
    return extract(member, { own, params, name: `${MARK}${name} ${index}` }, made);
  });
  if (moved.size === 0) return { params, network };
  return { params: params.filter((param) => !moved.has(param.name)), network: { ...network, members } };
}

function extract(
  member: Member,
  { own, params, name }: { own: readonly Typed[]; params: readonly Typed[]; name: string },
  made: Parts,
): Member {
  const passed = params.filter((param) => member.args.includes(param.name) && !own.includes(param));
  const args = passed.map((param) => param.name);
  made.tasks.push({ name, params: passed, at: member.at });
  made.methods.push({
    name,
    params: [...passed, ...own],
    at: member.at,
    task: { name, args },
    precondition: { kind: 'true' },
    network: { members: [member], ordering: [], constraints: { kind: 'true' } },
  });
  return { ...member, task: name, args };
}
