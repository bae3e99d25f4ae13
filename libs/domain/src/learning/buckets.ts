import type { JsonObject } from '../json';
import { contextOf } from '../selection/context';

/**
 * What kind of goal it is, without saying which: the names of the arguments that were given and the shape of each value
 * (`by=text source=.csv`). Goals of one bucket share what they learn about methods; no value of a goal is in it.
 */
export function featureBucket(args: JsonObject): string {
  return contextOf({ args });
}

/** The same for the arguments of one step: how a tool does may depend on it. */
export const contextBucket = featureBucket;
