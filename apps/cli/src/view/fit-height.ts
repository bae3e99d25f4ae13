import { type Line, span } from '../text/spans';
import type { StepState } from './model';

/** Lines that belong together: of a step (by its state), of the frame (`always`), or of what may be cut to one line (`short`). */
export interface Block {
  readonly keep: StepState | 'always' | 'short';
  readonly lines: readonly Line[];
}

/** What is shortened to its first line, and then folded away, in this order, when there are too many lines. */
const LEAST_TOLD: readonly StepState[] = ['skipped', 'done', 'waiting', 'failed', 'retrying', 'running'];

/**
 * The lines of all blocks, at most `height` of them. When there are more, steps lose their second lines and `short`
 * blocks all but their first; then runs of steps become `… n done`, least telling first; last of all lines are left
 * out before the final block, so that the head and what was said last stay.
 */
export function fitHeight(blocks: readonly Block[], height: number): Line[] {
  let current = [...blocks];
  for (const state of [...LEAST_TOLD, 'short'] as const) {
    if (count(current) <= height) break;
    current = current.map((block) => (block.keep === state ? { ...block, lines: firstOf(block.lines) } : block));
  }
  for (const state of LEAST_TOLD) {
    if (count(current) <= height) break;
    current = foldRuns(current, state, count(current) - height);
  }
  const last = current.at(-1)?.lines ?? [];
  const lines = current.slice(0, -1).flatMap((block) => block.lines);
  return [...lines.slice(0, Math.max(1, height - last.length)), ...last];
}

const firstOf = (lines: readonly Line[]): readonly Line[] => lines.filter((line) => line.length > 0).slice(0, 1);

const count = (blocks: readonly Block[]): number => blocks.reduce((sum, { lines }) => sum + lines.length, 0);

/** Folds runs of neighbouring steps of one state until `excess` lines are gone: the last run of waiting, else the first. */
function foldRuns(blocks: readonly Block[], state: StepState, excess: number): Block[] {
  const fromEnd = state === 'waiting';
  const ordered = fromEnd ? blocks.toReversed() : [...blocks];
  const result: Block[] = [];
  let left = excess;
  for (let index = 0; index < ordered.length;) {
    let end = index;
    while (end < ordered.length && ordered[end]?.keep === state && end - index < left + 1) end += 1;
    if (end - index < 2 || left <= 0) {
      result.push(...ordered.slice(index, Math.max(end, index + 1)));
      index = Math.max(end, index + 1);
      continue;
    }
    result.push({ keep: state, lines: [[span(`… ${end - index} ${state}`, 'dim')]] });
    left -= end - index - 1;
    index = end;
  }
  return fromEnd ? result.toReversed() : result;
}
