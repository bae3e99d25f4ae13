import { setTimeout as sleep } from 'node:timers/promises';
import { createTemporalClient, type Logger, type WorkerConfig } from '@goalkeeper/platform';
import { LEARNING_SCHEDULE, LEARNING_WORKFLOW, taskQueueOf } from '@goalkeeper/workflows/client';
import { ScheduleAlreadyRunning, type ScheduleOptions } from '@temporalio/client';

const LONGEST_PAUSE_MS = 30_000;

/**
 * Makes sure that the schedule of learning is there and runs as often as it is set to; an operator's pause stays. Tries until the
 * engine answers. One schedule for the installation: workers that start together meet the same one.
 */
export async function keepLearningSchedule({
  config,
  log,
}: {
  readonly config: WorkerConfig;
  readonly log: Logger;
}): Promise<void> {
  const temporal = createTemporalClient({
    address: config.temporalAddress,
    namespace: config.temporalNamespace,
  });
  const { spec, action, policies } = scheduleOf(config);
  try {
    for (let pauseMs = 500; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await temporal.client.schedule
          .create({ scheduleId: LEARNING_SCHEDULE, spec, action, policies })
          .catch(async (error: unknown) => {
            if (!(error instanceof ScheduleAlreadyRunning)) throw error;
            const handle = temporal.client.schedule.getHandle(LEARNING_SCHEDULE);
            await handle.update(({ state }) => ({ spec, action, policies, state }));
          });
        log.info({ everySeconds: config.learningEverySeconds }, 'learning.scheduled');
        return;
      } catch (error) {
        log.warn({ err: error, retryInMs: pauseMs }, 'learning.not_scheduled');
        await sleep(pauseMs, undefined, { ref: false });
      }
    }
  } finally {
    await temporal.close();
  }
}

function scheduleOf(config: WorkerConfig): Required<Pick<ScheduleOptions, 'spec' | 'policies'>> & {
  action: Extract<ScheduleOptions['action'], { type: 'startWorkflow' }>;
} {
  return {
    spec: { intervals: [{ every: config.learningEverySeconds * 1_000 }] },
    action: {
      type: 'startWorkflow',
      workflowType: LEARNING_WORKFLOW,
      workflowId: LEARNING_SCHEDULE,
      taskQueue: taskQueueOf('low'),
      args: [{}],
    },
    policies: { overlap: 'SKIP', catchupWindow: '1 minute' },
  };
}
