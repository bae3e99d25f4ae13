import type { Json, JsonObject } from '../../json';
import type { Literal, ParamDef, ParamType, PddlWorld, ResultCheck, SuccessPredicate, ToolBinding } from '../pack';
import { PARAM_TYPES } from '../pack';
import { dottedName, ownName, paramOf, version } from '../read-params';
import { flag, json, jsonObject, list, object, oneOf, optional, text, type Problem, type Reader } from '../shape';

/** How one task of the domain can be asked for. */
export interface TaskBinding {
  readonly summary?: string;
  /** Sample wordings; slots are the task's parameters without `?`. */
  readonly phrasings?: readonly string[];
  /** Parameter types for words, `text` unless told. */
  readonly types?: Readonly<Record<string, ParamType>>;
  /** Facts that must hold at the end: `["at", "$package", "$place"]`. */
  readonly goal?: readonly Json[];
  readonly success?: readonly SuccessPredicate[];
}

/** Which tools do a primitive, with their arguments. */
export interface PrimitiveBinding {
  readonly summary?: string;
  readonly tools: readonly ToolBinding[];
  readonly checks?: readonly ResultCheck[];
}

/** The file beside a domain that makes a pack of it. */
export interface Bindings {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  /** Parameters of every task that primitives may hand on to their tools, e.g. the address of a service. */
  readonly params?: readonly ParamDef[];
  readonly world?: PddlWorld;
  readonly tasks?: Readonly<Record<string, TaskBinding>>;
  readonly primitives: Readonly<Record<string, PrimitiveBinding>>;
}

const toolName = text(/^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$/, 'the name of a tool such as test.note');
const identifier = ownName(text(/^[A-Za-z_][A-Za-z0-9_-]*$/, 'a name such as max_rows'));
const param = paramOf(identifier);
const literal = object<Literal>({ predicate: text(), args: list(json), not: optional(flag) });
/** Shared with JSON packs. */
export const resultCheck = object<ResultCheck>({
  path: (value, at, problems) => (value === '' ? '' : text()(value, at, problems)),
  equals: optional(json),
  summary: optional(text()),
  otherwise: optional(list(literal)),
});
const tool = object<ToolBinding>({ tool: toolName, args: optional(jsonObject, {}) });
const success = object<SuccessPredicate>({ name: text(), summary: text(), args: optional(jsonObject, {}) });
const primitive = object<PrimitiveBinding>({
  summary: optional(text()),
  tools: list(tool, { min: 1 }),
  checks: optional(list(resultCheck)),
});
const task = object<TaskBinding>({
  summary: optional(text()),
  phrasings: optional(list(text())),
  types: optional(record(oneOf(PARAM_TYPES))),
  goal: optional(list(json)),
  success: optional(list(success)),
});
const world = object<PddlWorld>({ objects: optional(record(text()), {}), init: optional(list(json), []) });
const bindings = object<Bindings>({
  name: dottedName,
  version,
  summary: text(),
  params: optional(list(param)),
  world: optional(world),
  tasks: optional(record(task)),
  primitives: record(primitive),
});

/** Reads the bindings of a domain from parsed JSON; `problems` gets what is wrong, each with its place. */
export function readBindings(value: unknown, problems: Problem[]): Bindings {
  return bindings(value, '', problems);
}

/** An object with any keys and values of one shape. */
function record<T>(item: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value, at, problems) => {
    const source: JsonObject = jsonObject(value, at, problems);
    return Object.fromEntries(
      Object.entries(source).map(([key, own]) => [key, item(own, at === '' ? key : `${at}.${key}`, problems)]),
    );
  };
}
