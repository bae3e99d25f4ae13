import * as activities from './activities';

const mockSummaries: string[] = [];
jest.mock('@temporalio/workflow', () => {
  const activity = { executeWithOptions: (options: { summary: string }) => void mockSummaries.push(options.summary) };
  const proxy = () => new Proxy({}, { get: () => activity });
  return { proxyActivities: proxy, proxyLocalActivities: proxy };
});

it('no activity gets a summary that the engine refuses', () => {
  const long = '天气'.repeat(500);
  const input = { effort: 'quick' } as never;
  void activities.planGoal(long, input);
  void activities.planGoal(long, { effort: 'full' } as never);
  for (const where of ['local', 'remote'] as const) {
    void activities.verifyGoal(where, long, input);
    void activities.selectAction(where, long, input);
    void activities.analyseObservation(where, long, input);
  }
  void activities.callToolIn('fast', { timeoutMs: 1 }, long, input);
  void activities.callToolIn('remote', { timeoutMs: 1 }, long, input);
  expect(mockSummaries).toHaveLength(10);
  for (const summary of mockSummaries) expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(300);
});
