import { plural } from '../counting';
import { InvalidDefinitionError } from '../errors';
import { checkReferences } from './check-references';
import {
  type AxiomDef,
  type DomainPack,
  type Literal,
  type MethodDef,
  type OperatorDef,
  type Subtask,
  type SuccessPredicate,
  type TaskDef,
  type ToolBinding,
} from './pack';
import { resultCheck } from './pddl-pack/read-bindings';
import { dottedName as name, ownName, paramOf, version } from './read-params';
import { flag, json, jsonObject, list, number, object, optional, type Problem, type Reader, text } from './shape';
import { withSubGoals } from './sub-goal';

/** Costs of many steps are added up and must stay numbers that differ. */
const MAX_COST = 1e9;
const identifier = ownName(text(/^[A-Za-z_][A-Za-z0-9_]*$/, 'an identifier such as max_rows'));
const memberId = ownName(text(/^[A-Za-z][A-Za-z0-9_-]*$/, 'a member id such as fetch-1'));
const cost = number(0, MAX_COST);

const literal = object<Literal>({ predicate: name, args: list(json), not: optional(flag) });
const literals = optional(list(literal), []);
const param = paramOf(identifier);
const success = object<SuccessPredicate>({ name, summary: text(), args: jsonObject });
const task = object<TaskDef>({
  name,
  summary: text(),
  params: optional(list(param), []),
  phrasings: optional(list(text()), []),
  saidBy: optional(list(text(/^\S+$/, 'one word'))),
  success: optional(list(success), []),
  achieves: optional(list(literal)),
});
const repeat = object<NonNullable<Subtask['repeat']>>({ count: json, as: identifier, parallel: optional(flag) });
const raised = object<NonNullable<Subtask['goal']>>({ task: name, args: optional(jsonObject, {}) });
const raising = object<Subtask>({
  id: memberId,
  task: optional(name, 'goal'),
  args: optional(jsonObject, {}),
  after: optional(list(memberId)),
  repeat: optional(repeat),
  goal: raised,
  budget: optional(jsonObject, {}),
});
const doing = object<Subtask>({
  id: memberId,
  task: name,
  args: optional(jsonObject, {}),
  after: optional(list(memberId)),
  repeat: optional(repeat),
  goal: optional(raised),
  budget: optional(jsonObject),
});
/** A member does a task, or raises a goal. */
const subtask: Reader<Subtask> = (value, at, problems) =>
  (typeof value === 'object' && value !== null && 'goal' in value ? raising : doing)(value, at, problems);
const method = object<MethodDef>({
  name,
  task: name,
  summary: text(),
  when: literals,
  subtasks: list(subtask),
  cost,
});
const binding = object<ToolBinding>({ tool: name, args: optional(jsonObject, {}) });
const operator = object<OperatorDef>({
  name,
  summary: text(),
  params: optional(list(param), []),
  when: literals,
  adds: literals,
  deletes: literals,
  tools: list(binding, { min: 1 }),
  cost: optional(cost),
  checks: optional(list(resultCheck)),
});
const fact = object<AxiomDef['fact']>({ predicate: name, args: list(json) });
const axiom = object<AxiomDef>({ fact, when: list(literal, { min: 1 }) });
const pack = object<Omit<DomainPack, 'pddl'>>({
  name,
  version,
  summary: text(),
  tasks: list(task, { min: 1 }),
  methods: list(method, { min: 1 }),
  operators: list(operator, { min: 1 }),
  axioms: optional(list(axiom)),
});

/**
 * Reads a domain pack from parsed JSON and checks it whole: shape, names used once, references between tasks, methods,
 * operators and members, variables bound, members without circles, slots of phrasings.
 *
 * @throws {InvalidDefinitionError} with all problems, each with its place, in `details.problems`
 */
export function parsePack(value: unknown): DomainPack {
  const problems: Problem[] = [];
  const parsed = withSubGoals(pack(value, '', problems));
  // References are checked on sound shapes only: a missing name would otherwise be reported many times over.
  if (problems.length === 0) problems.push(...checkReferences(parsed));
  if (problems.length === 0) return parsed;
  const label = parsed.name === '' ? 'The pack' : `Pack ${parsed.name}`;
  const listed = problems.slice(0, 5).map(({ at, problem }) => `${at === '' ? 'the pack' : at}: ${problem}`);
  const more = problems.length > 5 ? `; and ${problems.length - 5} more` : '';
  throw new InvalidDefinitionError(
    `${label} has ${plural(problems.length, 'problem')}: ${listed.join('; ')}${more}`,
    { pack: parsed.name, problems: problems.map(({ at, problem }) => ({ at, problem })) },
    'Correct the pack at the places named.',
  );
}
