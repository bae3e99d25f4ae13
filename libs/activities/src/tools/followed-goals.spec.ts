import { FollowedGoals } from './followed-goals';

it('knows the goals it was told of, and forgets the oldest of very many', () => {
  const followed = new FollowedGoals();
  followed.add('first');
  followed.add('second');
  expect([followed.has('first'), followed.has('other')]).toEqual([true, false]);
  followed.add('first');
  for (let index = 0; index < 9_999; index += 1) followed.add(`goal ${index}`);
  expect([followed.has('first'), followed.has('second'), followed.has('goal 9998')]).toEqual([true, false, true]);
});
