import type { Observation } from '../observation/observation';
import { DECAY, summariseEpisode, updateMethodStats, updateToolStat } from './learn';
import { rankEpisodes, type StoredEpisode } from './recall';

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

  it('counts outcomes and forgets old ones slowly', () => {
    const first = updateToolStat(null, seen('success'));
    expect(first).toEqual({ tool: 'a', successes: 1, failures: 0, meanDurationMs: 100 });
    const second = updateToolStat(first, seen('failure', { durationMs: 300 }));
    expect(second).toEqual({ tool: 'a', successes: DECAY, failures: 1, meanDurationMs: 200 });
    expect(updateToolStat(second, seen('uncertain'))).toBe(second);
    expect(updateToolStat(second, seen('success', { replayed: true }))).toBe(second);
  });

  it('follows a shift: twenty failures outweigh a long good record', () => {
    let stat = updateToolStat(null, seen('success'));
    for (let n = 0; n < 200; n += 1) stat = updateToolStat(stat, seen('success'));
    for (let n = 0; n < 40; n += 1) stat = updateToolStat(stat, seen('failure', { durationMs: 1000 }));
    expect(stat.failures / (stat.successes + stat.failures)).toBeGreaterThan(0.5);
    expect(stat.meanDurationMs).toBeGreaterThan(700);
  });

  it('keeps what a goal was, and counts only what was verified as success', () => {
    const plan = {
      task: { name: 'data.report', args: { source: 'x.csv' } },
      choices: [
        { lineage: 'data.report', task: 'data.report', method: 'full', alternatives: [] },
        { lineage: 'l', task: 'data.load', method: 'strict', alternatives: [] },
      ],
    };
    const of = (verified: boolean) =>
      summariseEpisode({ id: 'e', goal: { id: 'g', objective: 'analyse x.csv' }, plan: plan as never, verified });
    expect(of(true)).toEqual({
      id: 'e',
      goalId: 'g',
      objective: 'analyse x.csv',
      task: plan.task,
      outcome: 'verified',
      methods: { 'data.report': 'full', 'data.load': 'strict' },
    });
    const stats = updateMethodStats([{ task: 'data.load', method: 'strict', successes: 2, failures: 0 }], of(false));
    expect(stats).toEqual([
      { task: 'data.report', method: 'full', successes: 0, failures: 1 },
      { task: 'data.load', method: 'strict', successes: 2 * DECAY, failures: 1 },
    ]);
  });
});
