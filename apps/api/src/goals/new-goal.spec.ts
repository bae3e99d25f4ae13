import { CreateGoalRequest } from '@goalkeeper/contracts';
import { newGoal } from './new-goal';

const NOW = Date.UTC(2026, 0);
const goalUntil = (deadline: string) =>
  newGoal(CreateGoalRequest.parse({ objective: 'count it', deadline }), 'tenant', NOW);

describe('the deadline of a new goal', () => {
  it.each(['2026-01-01T00:00:00.001Z', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59+14:00'])(
    'may be %s',
    (deadline) => {
      expect(goalUntil(deadline).deadlineMs).toBe(Date.parse(deadline));
    },
  );

  it.each([
    ['is over', '2026-01-01T00:00:00Z', 'must lie ahead'],
    ['no store can keep', '9999-12-31T23:59:59-05:00', 'must lie before the year 10000 in UTC'],
  ])('is refused when it %s', (_what, deadline, message) => {
    const pointed = { code: 'request.invalid', facts: { errors: [{ pointer: '/deadline', message }] } };
    let thrown: unknown = null;
    try {
      goalUntil(deadline);
    } catch (error) {
      thrown = error;
    }
    expect(JSON.parse(JSON.stringify(thrown))).toMatchObject(pointed);
  });
});
