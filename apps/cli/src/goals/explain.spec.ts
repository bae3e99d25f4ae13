import type { RecalledView } from '@goalkeeper/contracts';
import { paint } from '../text/spans';
import { decisionLines, recalledLines } from './explain';

const textOf = (lines: ReturnType<typeof recalledLines>) => lines.map((line) => paint(line, false)).join('\n');
const EPISODE = '0199a1b2-0000-7000-8000-000000000001';
const anEpisode = (told: Partial<RecalledView> = {}): RecalledView => ({
  id: EPISODE,
  goalId: 'goal_a',
  objective: 'analyse weather.csv by month',
  task: 'data.report',
  outcome: 'verified',
  why: ['same task', 'both say weather, month'],
  ...told,
});

describe('what a decision remembered', () => {
  it('is told by the words of the earlier goals and what they have in common, not by ids', () => {
    const text = textOf(recalledLines([anEpisode(), anEpisode({ goalId: 'goal_b', objective: '', why: [] })]));
    expect(text).toMatch(/analyse weather\.csv by month +verified +same task; both say weather, month +goal_a/);
    expect(text).toMatch(/data\.report +verified +goal_b/);
    const decision = {
      ...{ stepId: 's', callNo: 1, chosen: { tool: 't', bindingIndex: 0 }, confidence: 1, candidates: [] },
      ...{ recalledEpisodes: [EPISODE], reason: 'Recalled 1 earlier goal (1 verified).', createdAt: '' },
    };
    expect(text + textOf(decisionLines(decision, 'open'))).not.toContain(EPISODE);
  });

  it('is short and harmless to print, and absent where nothing was remembered', () => {
    const [, line = ''] = textOf(recalledLines([anEpisode({ objective: `\u001b[31m${'long '.repeat(50)}` })])).split(
      '\n',
    );
    expect(line).not.toContain('\u001b');
    expect(line.indexOf('verified')).toBeLessThan(70);
    expect(recalledLines([])).toEqual([]);
  });
});
