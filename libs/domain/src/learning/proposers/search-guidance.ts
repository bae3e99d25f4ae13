import type { JsonObject } from '../../json';
import type { Candidate } from '../lesson-record';
import type { TrainedModel } from '../train-on-goals';
import type { Proposer } from './proposer';

/**
 * The order of search in the classical planning domain of a pack. Evidence holds no problem, and a search takes time, so that models
 * are trained apart, from the problems of verified goals (`trainOnGoals`), and handed to the round as candidates; a search that
 * was guided makes the same calls, so that no goal speaks for or against one: its own gate does (see `judge`).
 */
export const searchGuidance: Proposer<'search_guidance'> = {
  kind: 'search_guidance',
  propose: () => [],
  concerns: ({ body }, goal) => goal.pack === body.domain,
  agrees: () => null,
};

/** What a training proposes. */
export function guidanceCandidate({ pack, model, tasks, goals }: TrainedModel): Candidate {
  return {
    kind: 'search_guidance',
    key: pack,
    body: { domain: pack, model: model as unknown as JsonObject },
    tasks,
    sources: goals,
    versions: {},
  };
}
