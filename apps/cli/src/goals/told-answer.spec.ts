import { answerIn } from './told-answer';

const step = (output: object | null): Parameters<typeof answerIn>[0][number] =>
  ({ id: 's', label: 's', state: 'succeeded', output }) as Parameters<typeof answerIn>[0][number];

it('finds the sentence that the last step tells, and no file of that name', () => {
  const file = step({ answer: { name: 'groups.csv' } });
  expect(answerIn([step(null), file, step({ answer: 'Total of units: 7.' })])).toBe('Total of units: 7.');
  expect(answerIn([step(null), file])).toBeNull();
});
