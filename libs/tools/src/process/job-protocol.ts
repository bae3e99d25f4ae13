import type { Blame, Json, JsonObject } from '@goalkeeper/domain';

/** Parent to child: one job, once. */
export interface JobRequest {
  readonly job: string;
  readonly input: JsonObject;
}

/** Child to parent: any number of `progress`, then one of the others. */
export type JobReply =
  | { readonly kind: 'progress'; readonly progress: Json }
  | { readonly kind: 'done'; readonly value: JsonObject }
  | {
      readonly kind: 'failure';
      readonly code: string;
      readonly message: string;
      readonly transient: boolean;
      readonly details: JsonObject;
      readonly blame?: Blame;
    }
  | { readonly kind: 'defect'; readonly message: string };
