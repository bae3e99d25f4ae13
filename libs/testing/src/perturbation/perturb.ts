import type { Json, JsonObject } from '@goalkeeper/domain';
import { type ToolContext, type ToolDefinition, ToolFailure, type ToolResult } from '@goalkeeper/tools';

/** (explicit | silent) × (transient | permanent): says that it failed or claims success; passes after a try or two, or never. */
export const FAULT_KINDS = [
  'explicit-transient',
  'explicit-permanent',
  'silent-transient',
  'silent-permanent',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault that was injected into one call. */
export interface Fault {
  readonly kind: FaultKind;
  readonly tool: string;
  readonly goalId: string;
  readonly stepId: string;
  /** Whether the tool's effect happened nevertheless: only its answer was lost. */
  readonly hasEffect: boolean;
}

export interface Perturbation {
  readonly kind: FaultKind;
  /** Fixes which effects are hit. */
  readonly seed: number;
  /** Share of the effects (not of the calls) that are hit, 0..1. */
  readonly rate: number;
  /** What an effect is known by, where its key differs from run to run; the idempotency key unless told otherwise. */
  readonly nameOf?: (args: unknown) => string;
  /** Told of each injected fault, before the call ends. */
  readonly told?: (fault: Fault) => void;
}

/** Calls of one effect that a transient fault hits at most. */
const TRANSIENT_CALLS = 2;

/**
 * The same tool, in which some effects go wrong. Which ones, and how often, follows from seed, tool and the effect's name, so every
 * attempt at an effect meets the same fault. A permanent fault hits every call before its effect; an explicit transient one hits
 * the first call or two, half of them after the effect: the answer is lost. A silent fault claims success: what changes the
 * world is not done (a lost write), what only reads returns a spoilt copy of its result. Schemas and post-condition stay: they
 * are what can notice.
 */
export function perturb(tool: ToolDefinition, perturbation: Perturbation): ToolDefinition {
  const calls = new Map<string, number>();
  const { kind, seed, rate, told, nameOf } = perturbation;
  const chance = (what: string, key: string): number => shareOf(`${seed} ${what} ${tool.name} ${key}`);
  const isHit = (name: string): boolean => {
    if (chance('hit', name) >= rate) return false;
    if (kind.endsWith('permanent')) return true;
    const earlier = calls.get(name) ?? 0;
    calls.set(name, earlier + 1);
    return earlier < 1 + Math.floor(chance('times', name) * TRANSIENT_CALLS);
  };
  return Object.freeze({
    ...tool,
    version: `${tool.version}-faults`, // goals that met them teach nothing
    async run(args: unknown, context: ToolContext): Promise<ToolResult<unknown>> {
      const name = nameOf?.(args) ?? context.idempotencyKey;
      if (!isHit(name)) return tool.run(args, context);
      const isLate = kind === 'explicit-transient' && chance('late', name) < 0.5;
      const { goalId, stepId } = context;
      const fault = { kind, tool: tool.name, goalId, stepId, hasEffect: isLate && tool.effect !== 'pure' };
      if (isLate) await tool.run(args, context);
      const claimed = kind.startsWith('silent') ? await falseSuccess(tool, args, context) : null;
      told?.(fault);
      if (claimed) return claimed;
      const transient = kind === 'explicit-transient';
      throw new ToolFailure(
        `fault.${transient ? 'busy' : 'refused'}`,
        `${tool.name} ${transient ? 'is busy' : 'refuses this'}`,
        {
          transient,
        },
      );
    },
  });
}

/** What a tool answers that believes it has worked. */
async function falseSuccess(tool: ToolDefinition, args: unknown, context: ToolContext): Promise<ToolResult<unknown>> {
  if (tool.effect !== 'pure') return { output: args, summary: `${tool.name}: done` };
  const result = await tool.run(args, context);
  return { ...result, output: spoilt(JSON.parse(JSON.stringify(result.output)) as Json) };
}

/** A value of the same shape without its content: empty lists and texts, zeros. */
export function spoilt(value: Json): Json {
  if (Array.isArray(value)) return [];
  if (typeof value === 'string') return '';
  if (typeof value === 'number') return 0;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value as JsonObject).map(([key, item]) => [key, spoilt(item)]));
}

/** A number in [0, 1) that a text fixes: FNV-1a, mixed. */
function shareOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}
