import { bestTrial, compareRuns, decideGate } from './judge-guidance';

const TAKES = { from: 'all', stepWeight: 2, allowedWaste: 2 } as const;
const LATE = { ...TAKES, allowedWaste: 8 };
const BEGINS = { ...TAKES, allowedWaste: -1 };

describe('the gate', () => {
  const off = [10, 20, 40].map((expansions) => ({ solved: true, expansions }));

  it.each([
    ['open where it saves', [5, 10, 20], true],
    ['closed where it costs', [12, 25, 50], false],
    ['closed where it saves too little', [10, 20, 38], false],
    ['closed where many become dearer, though one saves a lot', [11, 21, 1], false],
  ])('is %s', (_, on, open) => {
    const runs = on.map((expansions) => ({ solved: true, expansions }));
    const trial = compareRuns(off, runs, TAKES);
    expect(decideGate([trial]).open).toBe(open);
  });

  it('is closed where a problem is lost, whatever is saved on the others', () => {
    const on = [1, 1, 1].map((expansions, index) => ({ solved: index > 0, expansions }));
    const gate = decideGate([compareRuns(off, on, TAKES)]);
    expect(gate).toMatchObject({ open: false, best: { lost: 1 } });
  });

  it.each([
    [
      'late, though a little dearer than early',
      [
        [6, 12, 24],
        [5, 10, 20],
        [5, 10, 20],
      ],
      8,
    ],
    [
      'early, where that needs much less',
      [
        [8, 16, 32],
        [5, 10, 20],
        [4, 8, 16],
      ],
      2,
    ],
    [
      'early, where late is too late for anything',
      [
        [10, 20, 40],
        [9, 18, 36],
        [9, 18, 36],
      ],
      2,
    ],
    [
      'never early where that harms more',
      [
        [9, 19, 39],
        [1, 1, 41],
        [9, 19, 39],
      ],
      8,
    ],
    [
      'from the beginning, where that needs less than half',
      [
        [8, 16, 32],
        [5, 10, 20],
        [2, 3, 9],
      ],
      -1,
    ],
    [
      'never from the beginning where that harms',
      [
        [5, 10, 20],
        [5, 10, 20],
        [1, 1, 42],
      ],
      8,
    ],
  ])('lets guidance take over %s', (_, [late = [], early = [], begins = []], allowedWaste) => {
    const trial = (on: readonly number[], choice: typeof TAKES | typeof BEGINS) => {
      const runs = on.map((expansions) => ({ solved: true, expansions }));
      return compareRuns(off, runs, choice);
    };
    const trials = [trial(early, TAKES), trial(late, LATE), trial(begins, BEGINS)];
    expect(bestTrial(trials)).toMatchObject({ allowedWaste });
  });

  it('bears a dearer problem only where much is saved', () => {
    const many = Array.from({ length: 22 }, () => ({ solved: true, expansions: 100 }));
    const on = (expansions: number) =>
      decideGate([
        compareRuns(
          many,
          [{ solved: true, expansions: 101 }, ...many.slice(1).map(() => ({ solved: true, expansions }))],
          TAKES,
        ),
      ]);
    expect([on(50).open, on(92).open]).toEqual([true, false]);
  });

  it('says so where no trial was completed', () => {
    expect(decideGate([])).toMatchObject({ open: false, why: expect.stringContaining('no trial was completed') });
  });
});
