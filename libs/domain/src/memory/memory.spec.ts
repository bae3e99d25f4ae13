import type { Observation } from '../observation/observation';
import { rankEpisodes, resemblance, type StoredEpisode } from './recall';
import { whatAGoalTeaches } from './what-a-goal-teaches';

const anEpisode = (id: string, objective: string, more: Partial<StoredEpisode> = {}): StoredEpisode => ({
  id,
  goalId: `g-${id}`,
  objective,
  task: { name: 'data.report', args: {} },
  outcome: 'verified',
  methods: {},
  ...more,
});

describe('recall', () => {
  const episodes = [
    anEpisode('e1', 'analyse weather.csv by month', {
      task: { name: 'data.report', args: { source: 'weather.csv', by: 'month' } },
    }),
    anEpisode('e2', 'analyse stocks.csv', { task: { name: 'data.report', args: { source: 'stocks.csv' } } }),
    anEpisode('e3', 'fetch the news page', { task: { name: 'web.fetch', args: {} } }),
    anEpisode('e4', 'analyse stocks.csv', {
      task: { name: 'data.report', args: { source: 'stocks.csv' } },
      outcome: 'failed',
    }),
  ];

  it('puts the most alike first and says why', () => {
    const hits = rankEpisodes(
      { objective: 'analysing the weather.csv data', task: { name: 'data.report', args: { source: 'weather.csv' } } },
      episodes,
      5,
    );
    expect(hits.map(({ id }) => id)).toEqual(['e1', 'e2', 'e4']);
    expect(hits[0]?.why).toEqual(['same task', 'same source', expect.stringMatching(/^words 0\.[1-9]/)]);
    expect(hits[1]?.why.slice(0, 1)).toEqual(['same task']);
  });

  it('recalls by words alone, and nothing for words that no episode has', () => {
    expect(rankEpisodes({ objective: 'news pages' }, episodes, 5).map(({ id }) => id)).toEqual(['e3']);
    expect(rankEpisodes({ objective: 'zebra' }, episodes, 5)).toEqual([]);
    expect(rankEpisodes({ objective: '' }, episodes, 5)).toEqual([]);
    expect(rankEpisodes({ objective: 'analyse stocks.csv' }, episodes, 1).map(({ id }) => id)).toEqual(['e2']);
  });

  it('names what a goal and an episode have in common', () => {
    const task = { name: 'data.report', args: { source: 'weather.csv', by: 'year' } };
    const [weather, , news] = episodes;
    const common = (episode?: StoredEpisode) =>
      resemblance({ objective: 'Analysing the weather: weather.csv by year', task }, episode ?? anEpisode('', ''));
    expect(common(weather)).toEqual(['same task', 'same source', 'both say analysing, weather']);
    expect(common(news)).toEqual([]);
    const long = 'one two three four five six seven eight';
    expect(resemblance({ objective: long }, anEpisode('e', long))).toEqual([
      'both say one, two, three, four, five, six, …',
    ]);
  });

  it('takes arguments named like members of every object for what they are', () => {
    const task = { name: 'data.report', args: { toString: 1, constructor: 'x' } };
    const [hit] = rankEpisodes({ objective: 'analyse', task }, episodes, 1);
    expect(hit?.why).not.toContain('same toString');
  });
});

describe('learning', () => {
  const seen = (outcome: Observation['outcome'], more: Partial<Observation> = {}): Observation => ({
    stepId: 's',
    tool: 'a',
    outcome,
    error: null,
    evidence: [],
    factsAdded: [],
    factsRemoved: [],
    summary: '',
    durationMs: 100,
    costUsd: 0,
    replayed: false,
    ...more,
  });

  const plan = {
    task: { name: 'data.report', args: { source: 'x.csv' } },
    choices: [
      { lineage: 'data.report', task: 'data.report', method: 'full', alternatives: [] },
      { lineage: 'l', task: 'data.load', method: 'strict', alternatives: [] },
    ],
  };
  const taughtBy = (verified: boolean, observations: readonly Observation[] = []) =>
    whatAGoalTeaches({ plan, observations, verified });

  it('adds up what a verified goal saw of each tool', () => {
    const calls = [
      seen('success'),
      seen('failure', { durationMs: 300 }),
      seen('partial'),
      seen('success', { tool: 'b', durationMs: 7 }),
    ];
    expect(taughtBy(true, calls).tools).toMatchObject([
      { tool: 'a', successes: 2, failures: 1, durationMs: 500 },
      { tool: 'b', successes: 1, failures: 0, durationMs: 7 },
    ]);
  });

  it('trusts no success of a goal that was not verified, and holds its failures against the tools', () => {
    expect(taughtBy(false, [seen('success'), seen('failure')]).tools).toMatchObject([
      { tool: 'a', successes: 0, failures: 1, durationMs: 100 },
    ]);
  });

  it('counts neither what nobody knows nor what the store answered', () => {
    expect(taughtBy(true, [seen('uncertain'), seen('success', { replayed: true })]).tools).toEqual([]);
  });

  it('keeps what a goal was, and counts only what was verified as success', () => {
    expect(taughtBy(true).episode).toEqual({
      task: plan.task,
      outcome: 'verified',
      methods: { 'data.report': 'full', 'data.load': 'strict' },
    });
    expect(taughtBy(false)).toMatchObject({
      episode: { outcome: 'failed' },
      methods: [
        { task: 'data.report', method: 'full', successes: 0, failures: 1 },
        { task: 'data.load', method: 'strict', successes: 0, failures: 1 },
      ],
    });
  });
});

it('goals are alike by the file that they name and not by its folder', () => {
  const episode = (objective: string) => ({
    ...{ id: objective, goalId: 'g', objective, outcome: 'verified' as const, methods: {}, rank: 0 },
    task: { name: 't', args: {} },
  });
  const goal = { objective: 'what changed in /srv/team/shared/prices_old.csv?' };
  const same = episode('profile ./archive/prices_old.json');
  const neighbour = episode('clean /srv/team/shared/members.csv');
  expect(rankEpisodes(goal, [neighbour, same], 5).map(({ id }) => id)).toEqual([same.id]);
  expect(resemblance(goal, same)).toEqual(['both say prices, old']);
  expect(resemblance(goal, neighbour)).toEqual([]);
});
