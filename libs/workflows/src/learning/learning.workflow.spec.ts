import { ActivityFailure, CancelledFailure } from '@temporalio/workflow';
import { learningWorkflow } from './learning.workflow';

const mockLearn = jest.fn<Promise<object>, [{ tenantId: string }]>();
const mockList = jest.fn<Promise<string[]>, [{ after: string | null; limit: number }]>();
const mockContinued = jest.fn<Promise<never>, [object]>();

jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  proxyActivities: () => ({
    learn: (input: { tenantId: string }) => mockLearn(input),
    listLearningTenants: (input: { after: string | null; limit: number }) => mockList(input),
  }),
  continueAsNew: (input: object) => mockContinued(input),
  log: { warn: () => undefined },
}));

const broken = (cause: Error) => new ActivityFailure('Activity failed', 'learn', '1', 'TIMEOUT', undefined, cause);

describe('rounds of learning', () => {
  beforeEach(() => {
    jest.resetAllMocks();
    mockLearn.mockImplementation(async ({ tenantId }) => ({ of: tenantId }));
  });

  it('go on with the other tenants where one has trouble', async () => {
    mockList.mockResolvedValue(['a', 'b', 'c']);
    mockLearn.mockRejectedValueOnce(broken(new Error('its rows cannot be read')));
    expect(await learningWorkflow({})).toEqual({ a: null, b: { of: 'b' }, c: { of: 'c' } });
    expect(mockContinued).not.toHaveBeenCalled();
  });

  it('end where they are cancelled, and fail for whoever asked for one', async () => {
    mockList.mockResolvedValue(['a', 'b']);
    mockLearn.mockRejectedValueOnce(broken(new CancelledFailure('stopped')));
    await expect(learningWorkflow({})).rejects.toThrow('Activity failed');
    expect(mockLearn).toHaveBeenCalledTimes(1);
    mockLearn.mockRejectedValueOnce(broken(new Error('away')));
    await expect(learningWorkflow({ tenantId: 'a' })).rejects.toThrow('Activity failed');
  });

  it('hand over to a fresh history when there are more tenants than one may hold', async () => {
    mockList.mockImplementation(async ({ limit }) => Array.from({ length: limit }, (_, n) => `t${n}`));
    await learningWorkflow({ after: 's' });
    const [{ after, limit }] = mockList.mock.calls[0] ?? [{ after: null, limit: 0 }];
    expect([after, mockLearn.mock.calls.length]).toEqual(['s', limit]);
    expect(mockContinued).toHaveBeenCalledWith({ after: `t${limit - 1}` });
  });
});
