import { type Learned, lessonsOf } from '../../learning/lesson';
import { GuidanceModelError, readGuidanceModel } from '../guidance/read-model';
import { type Guidance, guidanceFor } from '../guidance/use-guidance';
import type { PddlDomain, PddlProblem } from '../pddl/model';
import type { PlanLesson } from '../plan';
import type { Guide } from '../search-pddl/guide';

/** What a goal's lessons do for one search. */
export interface LearnedGuide {
  readonly guide: Guide | null;
  readonly lessons: readonly PlanLesson[];
}

/**
 * The order of search that goals over this pack taught; none for a goal that uses nothing learned, for a task network, for a gate
 * that is closed, and for a model of another domain than the pack has now.
 */
export function learnedGuide(
  learned: Learned | undefined,
  pack: string,
  { domain, problem }: { readonly domain: PddlDomain; readonly problem: PddlProblem },
): LearnedGuide {
  const known = learned?.arm === 'on' ? lessonsOf(learned, 'search_guidance') : [];
  for (const { id, body } of known.filter((lesson) => lesson.body.domain === pack)) {
    const guidance = guidanceBy(JSON.stringify(body.model), domain, problem);
    if (!guidance?.guide) continue;
    const change = `orders the search by what goals over ${pack} taught (${guidance.why})`;
    return { guide: guidance.guide, lessons: [{ id, kind: 'search_guidance', change }] };
  }
  return { guide: null, lessons: [] };
}

function guidanceBy(model: string, domain: PddlDomain, problem: PddlProblem): Guidance | null {
  try {
    return guidanceFor(readGuidanceModel(model), domain, problem);
  } catch (error) {
    if (error instanceof GuidanceModelError) return null; // the pack is another one by now, or an import was no model
    throw error;
  }
}
