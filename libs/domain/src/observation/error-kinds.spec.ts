import { errorKinds, type SeenError } from './error-kinds';

const seen = (message: string, more: Partial<SeenError> = {}): SeenError => ({
  tool: 'db.write',
  error: { kind: 'explicit', duration: 'transient', code: 'net.busy', message },
  move: 'retry',
  helped: true,
  ...more,
});

it('counts errors by kind, with what helped', () => {
  const refused = {
    kind: 'explicit',
    duration: 'permanent',
    code: 'auth.denied',
    message: 'user eve may not write',
  } as const;
  const kinds = errorKinds([
    seen('queue 17 is busy'),
    seen('queue 3 is busy', { helped: false }),
    seen('queue 4 is busy', { move: 'alternative' }),
    seen('queue 5 is busy', { move: null }),
    seen('', { error: refused, move: 'replan', helped: false }),
    seen('queue 17 is busy', { tool: 'db.read' }),
  ]);
  expect(kinds).toMatchObject([
    {
      ...{ tool: 'db.write', template: 'queue <n> is busy', code: 'net.busy', duration: 'transient', seen: 4 },
      recoveries: [
        { move: 'alternative', successes: 1, failures: 0 },
        { move: 'retry', successes: 1, failures: 1 },
      ],
    },
    expect.objectContaining({ seen: 1 }),
    expect.objectContaining({ seen: 1 }),
  ]);
  expect(new Set(kinds.map(({ tool, code }) => `${tool} ${code}`)).size).toBe(3);
  expect(errorKinds([])).toEqual([]);
});
