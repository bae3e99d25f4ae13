import type { PlanPreviewResponse } from '@goalkeeper/contracts';
import { previewLines } from './preview-lines';

const preview: PlanPreviewResponse = {
  dryRun: 'plan',
  confidence: 0.9,
  links: [],
  plan: {
    revision: 1,
    reason: 'first plan',
    task: { name: 'a.do', args: { x: 1 } },
    pack: { name: 'a', version: '1.0.0' },
    success: [],
    choices: [
      { lineage: 'a.do', task: 'a.do', method: 'full', alternatives: ['short'] },
      { lineage: 'a.do:full/end', task: 'a.end', method: 'calm', alternatives: [] },
    ],
    steps: [
      { id: 'a.do:full/get#0', label: 'get', summary: 'get it', operator: 'get', after: [], tools: ['t.get'] },
      {
        id: 'a.do:full/end:calm/put#0',
        label: 'put',
        summary: 'put it',
        operator: 'put',
        after: ['a.do:full/get#0'],
        tools: ['t.put'],
      },
    ],
  },
  estimate: {
    durationMs: 1500,
    sequentialMs: 1500,
    costUsd: 0.5,
    basis: 'mixed',
    steps: [
      { id: 'a.do:full/get#0', tool: 't.get', durationMs: 500, costUsd: 0, basis: 'learned' },
      { id: 'a.do:full/end:calm/put#0', tool: 't.put', durationMs: 1000, costUsd: 0.5, basis: 'declared' },
    ],
  },
  alternatives: [
    {
      lineage: 'a.do',
      task: 'a.do',
      method: 'short',
      instead: 'full',
      steps: 1,
      durationMs: 500,
      costUsd: 0,
      reason: null,
    },
    {
      lineage: 'a.do',
      task: 'a.do',
      method: 'none',
      instead: 'full',
      steps: null,
      durationMs: null,
      costUsd: null,
      reason: 'No way',
    },
  ],
};

it('a preview is a tree of methods and steps with what each would take, and the ways not taken', () => {
  const lines = previewLines(preview);
  expect(lines[0]).toBe('a.do {"x":1}');
  expect(lines[1]).toBe('pack a 1.0.0, 90 % sure of the words');
  expect(lines.slice(3, 7)).toEqual([
    'a.do · full',
    expect.stringMatching(/^├ a\.end · calm$/),
    expect.stringMatching(/^│ └ 2\. put: put it {2}\(t\.put · 1.* · after get\)$/),
    expect.stringMatching(/^└ 1\. get: get it {2}\(t\.get · /),
  ]);
  expect(lines.join('\n')).toContain('$0.5 (from earlier calls where there are some');
  expect(lines.at(-2)).toContain('by "short" instead of "full": 1 step');
  expect(lines.at(-1)).toContain('No way');
});
