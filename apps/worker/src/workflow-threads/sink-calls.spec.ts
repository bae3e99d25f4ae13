import { EventEmitter } from 'node:events';
import type { MessagePort, Worker } from 'node:worker_threads';
import { answerForSilent, tellOfSilence } from './sink-calls';

/** A thread that keeps what it is sent, and the SDK's side of it, which keeps the answers. */
function aThread() {
  const sent: { requestId: number; input: { type: string; runId: string } }[] = [];
  const answers: { requestId: number; result: unknown }[] = [];
  const thread = Object.assign(new EventEmitter(), { postMessage: (message: never) => void sent.push(message) });
  answerForSilent(thread as unknown as Worker);
  thread.on('message', (answer) => answers.push(answer));
  let requestId = 0;
  const ask = (type: string, runId = 'run') =>
    thread.postMessage({ requestId: (requestId += 1), input: { type, runId } } as never);
  return { thread, sent, answers, ask };
}

const NOTHING = { type: 'ok', output: { type: 'sink-calls', calls: [] } };

describe('the question for the log lines of a workflow', () => {
  it('is answered on the spot, once, where the thread said that there are none', async () => {
    const { thread, sent, answers, ask } = aThread();
    thread.emit('message', { requestId: 0, silent: 'run' });
    ask('extract-sink-calls');
    expect(answers).toHaveLength(1); // an answer comes behind the question
    await Promise.resolve();
    expect(answers.slice(1)).toEqual([{ requestId: 1, result: NOTHING }]);
    expect(sent).toEqual([]);
    ask('extract-sink-calls');
    expect(sent).toHaveLength(1);
  });

  it('goes to the thread for a run that said nothing, and after whatever else the run was sent', () => {
    const { thread, sent, ask } = aThread();
    thread.emit('message', { requestId: 0, silent: 'run' });
    ask('extract-sink-calls', 'another');
    ask('activate-workflow');
    ask('extract-sink-calls');
    expect(sent.map(({ input }) => input.type)).toEqual([
      'extract-sink-calls',
      'activate-workflow',
      'extract-sink-calls',
    ]);
  });

  it('is spared for runs of which nothing waits, and for no other', () => {
    const posted: { silent?: string }[] = [];
    const port = { postMessage: (message: never) => void posted.push(message) };
    const waiting = new Map([
      ['quiet', 0],
      ['loud', 2],
    ]);
    tellOfSilence(port as unknown as MessagePort, (runId) => waiting.get(runId));
    for (const runId of ['quiet', 'loud', 'unknown']) {
      const result = { type: 'ok', output: { type: 'activation-completion', completion: { runId } } };
      port.postMessage({ requestId: 1, result } as never);
    }
    port.postMessage({ requestId: 2, result: { type: 'error', message: 'x' } } as never);
    expect(posted.map(({ silent }) => silent)).toEqual(['quiet', undefined, undefined, undefined]);
  });
});
