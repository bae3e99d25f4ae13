/**
 * What repeating a call would do.
 * - `pure`: nothing outside changes; repeat freely
 * - `idempotent`: repeat with the same key, which the far side receives
 * - `transactional`: effect and result are committed in one database transaction
 * - `once`: never repeated blindly; begun without a result means `uncertain`
 */
export const EFFECT_CLASSES = ['pure', 'idempotent', 'transactional', 'once'] as const;
export type EffectClass = (typeof EFFECT_CLASSES)[number];

export const EFFECT_STATES = ['planned', 'dispatched', 'confirmed', 'failed', 'uncertain'] as const;
export type EffectState = (typeof EFFECT_STATES)[number];

/** What planning, selection and the workflow need to know of a tool; its code stays in libs/tools. */
export interface ToolDescriptor {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly kind: 'real' | 'mock' | 'plugin';
  readonly effect: EffectClass;
  /** How long a usual call takes at most, milliseconds; the fast lane asks for < 200. */
  readonly boundMs: number;
  /** When a call is given up, milliseconds. */
  readonly timeoutMs: number;
  readonly costUsd: number;
  /** True where its answers hold what others wrote: pages, mails, answers of services. */
  readonly outside?: boolean;
}

/** Longest bound, in milliseconds, of a call that may run as a local activity. */
export const FAST_LANE_MAX_MS = 200;

/** Longest time-out, in milliseconds, of such a call: with storing its result it fits into the 15 s of a local activity. */
export const FAST_LANE_MAX_TIMEOUT_MS = 10_000;

/** True when a crash may repeat the call without harm and it is short enough to hold a workflow task. */
export function isFastLane(tool: Pick<ToolDescriptor, 'effect' | 'boundMs'>): boolean {
  return (tool.effect === 'pure' || tool.effect === 'transactional') && tool.boundMs < FAST_LANE_MAX_MS;
}
