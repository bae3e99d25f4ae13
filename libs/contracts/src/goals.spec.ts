import { CreateGoalRequest, MAX_ARGS_BYTES } from './goals';

const withText = (text: string) => CreateGoalRequest.safeParse({ task: { name: 'data.report', args: { text } } });

it('refuses arguments that no payload of the engine takes', () => {
  const frame = JSON.stringify({ text: '' }).length;
  expect(withText('x'.repeat(MAX_ARGS_BYTES - frame)).success).toBe(true);
  const refused = withText('é'.repeat(MAX_ARGS_BYTES / 2));
  expect(refused.error?.issues).toMatchObject([{ path: ['task', 'args'], message: expect.stringContaining('upload') }]);
});
