import { parsePack } from './parse-pack';
import { planTask } from './plan-goal';
import { validatePlan } from './validate-plan';

const fact = (predicate: string, ...args: string[]) => ({ predicate, args });
const param = (name: string) => ({ name, type: 'text', required: true });
const source = {
  ...{ name: 'net', version: '1.0.0', summary: 's' },
  tasks: [{ name: 'net.reach', summary: 's', params: [param('from'), param('to')] }],
  methods: [
    {
      name: 'direct',
      task: 'net.reach',
      summary: 's',
      cost: 1,
      when: [fact('reachable', '$from', '$to')],
      subtasks: [{ id: 'send', task: 'net.send', args: { to: '$to' } }],
    },
    {
      name: 'bridge',
      task: 'net.reach',
      summary: 's',
      cost: 5,
      when: [{ ...fact('reachable', '$from', '$to'), not: true }],
      subtasks: [
        { id: 'link', task: 'net.link', args: { from: '$from', to: '$to' } },
        { id: 'again', task: 'net.reach', args: { from: '$from', to: '$to' } },
      ],
    },
  ],
  operators: [
    { name: 'net.send', summary: 's', params: [param('to')], tools: [{ tool: 'test.note' }] },
    {
      name: 'net.link',
      summary: 's',
      params: [param('from'), param('to')],
      adds: [fact('wire', '$from', '$to')],
      tools: [{ tool: 'test.note' }],
    },
  ],
  axioms: [
    { fact: fact('reachable', '$a', '$b'), when: [fact('wire', '$a', '$b')] },
    { fact: fact('reachable', '$a', '$c'), when: [fact('wire', '$a', '$b'), fact('reachable', '$b', '$c')] },
  ],
};
const pack = parsePack(source);
const tool = {
  name: 'test.note',
  version: '1.0.0',
  summary: '',
  kind: 'plugin',
  effect: 'pure',
  boundMs: 1,
  timeoutMs: 10,
  costUsd: 0,
} as const;
const request = { name: 'net.reach', args: { from: 'a', to: 'd' } };
const operators = (plan: { steps: readonly { operator: string }[] }): string[] =>
  plan.steps.map(({ operator }) => operator);

describe('derived facts', () => {
  it('follow from others over several steps, and methods may ask for them', () => {
    const facts = [fact('wire', 'a', 'b'), fact('wire', 'b', 'c'), fact('wire', 'c', 'd')];
    const plan = planTask({ packs: [pack], request, facts });
    expect(operators(plan)).toEqual(['net.send']);
    expect(validatePlan(plan, { packs: [pack], facts, tools: [tool] })).toEqual([]);
    expect(validatePlan(plan, { packs: [pack], facts: facts.slice(1), tools: [tool] })).not.toEqual([]);
  });

  it('change with what they follow from, and order what asks for them behind it', () => {
    const facts = [fact('wire', 'b', 'd')];
    const plan = planTask({ packs: [pack], request, facts });
    expect(operators(plan)).toEqual(['net.link', 'net.send']);
    expect(plan.steps[1]?.after).toEqual([plan.steps[0]?.id]);
    expect(validatePlan(plan, { packs: [pack], facts, tools: [tool] })).toEqual([]);
  });

  it.each([
    [{ fact: fact('reachable', '$a', '$x'), when: [fact('wire', '$a', '$b')] }, 'axioms[2].fact.args'],
    [
      { fact: fact('cut', '$a'), when: [fact('wire', '$a', '$b'), { ...fact('reachable', '$a', '$b'), not: true }] },
      'axioms[2].when',
    ],
    [{ fact: fact('wire', '$a', '$a'), when: [fact('node', '$a')] }, 'operators[1]'],
  ])('are refused where they cannot be worked out: %j', (axiom, at) => {
    expect(() => parsePack({ ...source, axioms: [...source.axioms, axiom] })).toThrow(
      expect.objectContaining({
        details: expect.objectContaining({ problems: expect.arrayContaining([expect.objectContaining({ at })]) }),
      }),
    );
  });
});
