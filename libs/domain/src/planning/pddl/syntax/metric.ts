import { isTotalCost } from './effects';
import { endsAfter, itemAt, unsupported, wrong } from './forms';
import type { List } from './s-expression';

/** Whether a problem asks for cheap plans: `(:metric minimize (total-cost))`. */
export function readMetric(section: List | undefined): boolean {
  if (!section) return false;
  const direction = itemAt(section, 1, '"minimize"');
  if (direction.kind === 'word' && direction.text === 'maximize')
    throw unsupported(direction, 'only (:metric minimize (total-cost)) is supported');
  if (direction.kind !== 'word' || direction.text !== 'minimize') throw wrong(direction, '"minimize"');
  const target = itemAt(section, 2, '"(total-cost)"');
  endsAfter(section, 3, 'the metric');
  if (!isTotalCost(target)) throw unsupported(target, 'only (:metric minimize (total-cost)) is supported');
  return true;
}
