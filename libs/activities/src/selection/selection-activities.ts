import { type Decision, knownForSteps, type PlanStep, selectAction } from '@goalkeeper/domain';
import type { GoalActivities } from '@goalkeeper/workflows/ports';

/**
 * Selection is a pure function of what it is given and of the time, which decides what has expired: a retry decides the same but
 * where a rule expired meanwhile. The record, time included, is stored with the call. Each choice sees what it would see alone.
 */
export function createSelectionActivities(): Pick<GoalActivities, 'selectAction'> {
  return {
    async selectAction({ goalId, step, tools, recall, banned, banReasons = {}, facts, ahead = [] }) {
      const nowMs = Date.now();
      const choose = (
        one: PlanStep,
        bans: Pick<Parameters<typeof selectAction>[0], 'banned' | 'banReasons'>,
      ): Decision => {
        const known = knownForSteps({ tools, recall }, [one]);
        const { toolStats: stats, episodes, learned, calibration } = known.recall;
        return selectAction({
          goalId,
          step: one,
          tools: known.tools,
          facts,
          ...bans,
          stats,
          episodes,
          learned,
          calibration,
          nowMs,
        });
      };
      const decision = choose(step, { banned, banReasons });
      return ahead.length === 0 ? decision : { ...decision, ahead: ahead.map((one) => choose(one, { banned: [] })) };
    },
  };
}
