import {
  CreateGoalRequest,
  FileName,
  GetGoalQuery,
  ListGoalsQuery,
  PROBLEMS,
  decodeCursor,
  encodeCursor,
  findJsonFault,
} from './index';
import { parsePublicId, toPointer, toPublicId } from './index';

const uuid = '01936d3e-9f4a-7c10-b2a4-5d6e7f8091a2';

describe('public ids', () => {
  it('come back to the UUID they were made from', () => {
    expect(toPublicId('goal', uuid)).toBe('goal_01936d3e9f4a7c10b2a45d6e7f8091a2');
    expect(parsePublicId('goal', toPublicId('goal', uuid))).toBe(uuid);
  });
  it.each([
    'art_01936d3e9f4a7c10b2a45d6e7f8091a2',
    uuid,
    'goal_',
    'goal_01936D3E9F4A7C10B2A45D6E7F8091A2',
    'goal_01936d3e9f4a7c10b2a45d6e7f8091a2\n',
    "goal_' OR 1=1",
  ])('refuses %j as a goal', (text) => expect(parsePublicId('goal', text)).toBeNull());
  it('does not hide a broken UUID behind a prefix', () => expect(() => toPublicId('goal', 'x')).toThrow(TypeError));
});

describe('cursors', () => {
  it('come back to their position', () => {
    const position = { createdAt: new Date(1_763_769_600_123), id: uuid };
    expect(decodeCursor(encodeCursor(position))).toEqual(position);
  });
  it.each([
    '',
    '%',
    'AAAA',
    btoa('2026-01-01T00:00:00.000Z x'),
    btoa(`2026-99-01T00:00:00.000Z ${uuid}`),
    'x'.repeat(201),
  ])('refuses %j', (text) => expect(decodeCursor(text)).toBeNull());
});

describe('creating a goal', () => {
  const issuesOf = (body: unknown) =>
    CreateGoalRequest.safeParse(body).error?.issues.map((issue) => toPointer(issue.path)) ?? [];
  it('fills in what may be left out', () =>
    expect(CreateGoalRequest.parse({ objective: ' analyse it ' })).toEqual({
      objective: 'analyse it',
      priority: 'normal',
      maxSteps: 200,
      parallelism: 4,
      dependsOn: [],
      dependencyPolicy: 'fail',
      mayAsk: true,
      answerWithinSeconds: 86_400,
    }));
  it('wants exactly one of words and task', () => {
    expect(issuesOf({})).toEqual(['/objective']);
    expect(issuesOf({ objective: 'a', task: { name: 't' } })).toEqual(['/objective']);
    expect(issuesOf({ task: { name: 't' } })).toEqual([]);
  });
  it('refuses unknown fields, also inside the task', () => {
    expect(CreateGoalRequest.safeParse({ objective: 'a', tenantId: 'x' }).success).toBe(false);
    expect(CreateGoalRequest.safeParse({ task: { name: 'a', tool: 'x' } }).success).toBe(false);
  });
  it('holds to its limits', () => {
    expect(issuesOf({ objective: 'x'.repeat(8001) })).toEqual(['/objective']);
    expect(issuesOf({ objective: 'a', maxSteps: 2001 })).toEqual(['/maxSteps']);
    expect(issuesOf({ objective: 'a', parallelism: 0 })).toEqual(['/parallelism']);
    expect(issuesOf({ objective: 'a', deadline: 'tomorrow' })).toEqual(['/deadline']);
    expect(issuesOf({ objective: 'a', dependsOn: ['goal_1'] })).toEqual(['/dependsOn/0']);
  });
});

describe('queries', () => {
  it('refuse what they do not know', () => {
    expect(ListGoalsQuery.safeParse({ limit: '0' }).success).toBe(false);
    expect(ListGoalsQuery.safeParse({ sort: 'id; DROP' }).success).toBe(false);
    expect(GetGoalQuery.safeParse({ include: 'plan,secrets' }).success).toBe(false);
    expect(GetGoalQuery.safeParse({ include: 'plan,steps' }).success).toBe(true);
  });
});

describe('what cannot be stored', () => {
  it('is found with its place', () => {
    expect(findJsonFault({ a: ['ok', 'x\u0000'] })).toEqual({ pointer: '/a/1', message: 'contains a NUL character' });
    expect(findJsonFault({ 'a/b': '\ud800' })?.pointer).toBe('/a~1b');
    expect(findJsonFault({ '\udfff': 1 })?.message).toContain('key');
    expect(findJsonFault({ a: '😀' })).toBeNull();
    expect(findJsonFault(JSON.parse('{"a":{"__proto__":1}}'))?.pointer).toBe('/a');
  });
  it('includes nesting deeper than the limit, without recursion', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(findJsonFault(deep)?.message).toContain('32 levels');
    expect(findJsonFault([[[1]]], 3)).toBeNull();
    expect(findJsonFault([[[1]]], 2)).not.toBeNull();
  });
});

it('takes plain file names alone', () => {
  for (const bad of ['', '.', '..', 'a/b', 'a\\b', 'a\nb', 'x'.repeat(201)])
    expect(FileName.safeParse(bad).success).toBe(false);
  expect(FileName.safeParse('Umsätze 2026.csv').success).toBe(true);
});

it('gives every problem a status that fits its code', () => {
  for (const [code, problem] of Object.entries(PROBLEMS)) {
    if (code.endsWith('not_found')) expect(problem.status).toBe(404);
    expect(problem.retryable).toBe([429, 500, 503].includes(problem.status) || code === 'idempotency.in_flight');
  }
});
