import type { ToolDescriptor } from '../tools/effect';

/** What a tool was, as far as it says whether its answers are those of the world. */
export type ToolOrigin = Pick<ToolDescriptor, 'name' | 'kind' | 'version' | 'outside'>;

/** How the version of a tool ends that only plays one, or in which faults are injected: `1.0.0-simulated`, `2.1.0-faults`. */
const MARKS: readonly (readonly [RegExp, string])[] = [
  [/-(?:[\w.]*\.)?simulated\b/, 'simulated by'],
  [/-(?:[\w.]*\.)?faults\b/, 'faults were injected into'],
];

/**
 * Why nothing may be learned from a goal beyond its own statistics; empty when nothing speaks against it. It is about where its answers
 * came from, not about what they say:
 *
 * * a tool was a mock, a simulation, or had faults injected: what happened is not what the world does;
 * * a tool brought content from outside and nobody verified the goal: whoever wrote that content may have made it end as it did.
 *
 * @param used tools that were called, as they are described now
 */
export function taintOf(used: readonly ToolOrigin[], verified: boolean): string[] {
  return used.flatMap(({ name, kind, version, outside = false }) => [
    ...(kind === 'mock' ? [`played by ${name}`] : []),
    ...MARKS.filter(([mark]) => mark.test(version)).map(([, what]) => `${what} ${name}`),
    ...(outside && !verified ? [`unverified content from outside by ${name}`] : []),
  ]);
}
