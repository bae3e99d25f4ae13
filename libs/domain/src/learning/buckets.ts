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

/** The names of the arguments alone (`by source`): what is known of a bucket's goals whatever the shapes of their values. */
export function namesIn(bucket: string): string {
  return bucket === '' ? '' : argumentsIn(bucket).join(' ');
}

/** The names of the arguments that goals of a bucket have. */
export function argumentsIn(bucket: string): string[] {
  return bucket === '' ? [] : bucket.split(' ').map((part) => part.split('=')[0] ?? part);
}

/** True for the goal's own bucket, and for the names of its arguments alone. */
export function isBucketOf(bucket: string, ofGoal: string): boolean {
  return bucket === ofGoal || bucket === namesIn(ofGoal);
}
