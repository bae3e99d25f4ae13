import { condition, defineQuery, defineUpdate, setHandler } from '@temporalio/workflow';

/** Runs until it is cancelled by a command, answers the status query, refuses to resume; tests of the API talk to it. */
export async function goalWorkflow(): Promise<string> {
  const heard: string[] = [];
  setHandler(defineQuery('status'), () => ({
    state: 'running',
    revision: 1,
    progress: 0.5,
    callsMade: heard.length,
    historyLength: 3,
    steps: [{ id: 's#0', label: 's', state: 'running' }],
  }));
  setHandler(
    defineUpdate<{ state: string }, [{ id: string; kind: string }]>('command'),
    ({ kind }) => {
      heard.push(kind);
      return { state: kind };
    },
    {
      validator: ({ kind }) => {
        if (kind === 'resume') throw new Error('the goal does not rest');
      },
    },
  );
  await condition(() => heard.includes('cancel'));
  return heard.join(',');
}
