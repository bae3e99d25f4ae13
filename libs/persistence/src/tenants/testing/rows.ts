import type { NewQuestion } from '@goalkeeper/domain';

/** A tool that a tenant has of its own. */
export const descriptor = {
  name: 'test.echo',
  version: '1',
  summary: '',
  kind: 'real',
  effect: 'pure',
  boundMs: 1,
  timeoutMs: 10,
  costUsd: 0,
} as const;

/** A question that no goal needs an answer to. */
export const question: NewQuestion = {
  key: 'k',
  kind: 'intent',
  text: '?',
  choices: [],
  schema: null,
  onExpiry: { choice: 'a', value: null },
  context: {},
};
