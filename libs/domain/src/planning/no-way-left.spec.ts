import { noWayLeft } from './no-way-left';
import type { Plan } from './plan';

const plan = { task: { name: 't', args: {} }, revision: 3, steps: [{ id: 's1', label: 'open' }] } as unknown as Plan;
const fault = (code: string) => ({ stepId: 's1', code, message: 'no' });

describe('a plan that cannot be repaired', () => {
  it('names what failed by its label, and keeps the details', () => {
    const error = noWayLeft(plan, [fault('source.missing')], { reason: 'unsolvable' });
    expect(error.message).toBe('No other way is left after "open" failed (source.missing: no)');
    expect(error.details).toMatchObject({
      task: 't',
      revision: 3,
      reason: 'unsolvable',
      faults: [fault('source.missing')],
    });
  });

  it('says what helps by where the cause lies', () => {
    const hints = ['source.missing', 'budget.exhausted', 'tool.defect'].map(
      (code) => noWayLeft(plan, [fault(code)], {}).hint,
    );
    expect(hints[0]).toContain('Change what the goal is given');
    expect(hints[1]).toContain('Nothing is wrong with the goal');
    expect(hints[2]).toContain('Mend or replace the tool');
    const told = noWayLeft(plan, [{ ...fault('my.own'), blame: 'input' }], {}).hint;
    expect(told).toContain('Change what the goal is given');
  });
});
