import type { JsonObject } from '../json';
import type { Reading } from './features';
import { readConditions } from './read-conditions';
import { conditionParam } from './with-conditions';

/**
 * Whether a reading passes over a condition: "report on a.csv for 2024 only" asks for some rows alone, and a task of a table that takes no
 * conditions would speak of all of them. What stands within an argument, such as a question to documents, is not lost.
 */
export function dropsCondition({ task, text }: Reading, args: JsonObject): boolean {
  if (conditionParam(task) !== undefined || !task.params.some(({ type }) => type === 'source')) return false;
  const held = Object.values(args).map((value) => JSON.stringify(value).toLowerCase());
  return readConditions(text).found.some(({ condition: { comparison }, from, to }) => {
    const said = text.slice(from, to).toLowerCase();
    return comparison !== 'is_not' && !held.some((one) => one.includes(said));
  });
}
