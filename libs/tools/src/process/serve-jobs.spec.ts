import { EventEmitter } from 'node:events';
import { ToolFailure } from '../definition';
import type { JobReply } from './job-protocol';
import { serveJobs } from './serve-jobs';

/** Serves one job in this process instead of a child; its reply is what would have travelled to the parent. */
function replyOf(failing: () => never): Promise<JobReply> {
  const parent = new EventEmitter();
  jest.spyOn(process, 'once').mockImplementation((name, listener) => {
    parent.once(name, listener);
    return process;
  });
  return new Promise<JobReply>((resolve) => {
    process.send = ((reply: JobReply) => {
      resolve(reply);
      return true;
    }) as NodeJS.Process['send'];
    serveJobs({ fail: async () => failing() });
    parent.emit('message', { job: 'fail', input: {} });
  });
}

afterEach(() => jest.restoreAllMocks());

it.each([
  ['failure', new ToolFailure('data.broken', 'm'.repeat(5_000_000))],
  ['failure', new Error(`Out of Memory Error: ${'m'.repeat(5_000_000)}`)],
  ['defect', new Error('m'.repeat(5_000_000))],
])('a %s of megabytes does not travel as such', async (kind, error) => {
  const reply = await replyOf(() => {
    throw error;
  });
  expect(reply.kind).toBe(kind);
  expect(JSON.stringify(reply).length).toBeLessThan(2_300);
});

it('a failure says to the parent where its cause lies', async () => {
  const reply = await replyOf(() => {
    throw new ToolFailure('data.broken', 'm', { blame: 'input' });
  });
  expect(reply).toMatchObject({ kind: 'failure', code: 'data.broken', blame: 'input' });
});
