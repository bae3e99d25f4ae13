import { InvalidDefinitionError } from '../errors';
import { parsePack } from './parse-pack';

interface Loose {
  [key: string]: unknown;
}

const sound = () => ({
  name: 'kitchen',
  version: '1.0.0',
  summary: 'cooks',
  tasks: [
    {
      name: 'dinner',
      summary: 'make dinner',
      params: [{ name: 'dish', type: 'text', required: true }],
      phrasings: ['cook {dish}'],
      success: [{ name: 'eaten', summary: '${dish} was eaten', args: { dish: '$dish' } }],
    },
  ] as Loose[],
  methods: [
    {
      name: 'fresh',
      task: 'dinner',
      summary: 'from scratch',
      when: [{ predicate: 'has', args: ['$shop', '$dish'] }],
      cost: 3,
      subtasks: [
        { id: 'buy', task: 'buy', args: { what: '$dish', where: '$shop' } },
        { id: 'cook', task: 'cook', args: { what: '{{steps.buy.goods}}' }, after: ['buy'] },
      ] as Loose[],
    },
  ] as Loose[],
  operators: [
    {
      name: 'buy',
      summary: 'buy',
      params: [
        { name: 'what', type: 'text', required: true },
        { name: 'where', type: 'text' },
      ],
      tools: [{ tool: 'shop' }],
    },
    {
      name: 'cook',
      summary: 'cook',
      params: [{ name: 'what', type: 'any' }],
      adds: [{ predicate: 'cooked', args: ['$what'] }],
      tools: [{ tool: 'stove', args: { what: '$what' } }],
    },
  ] as Loose[],
});

const problemsOf = (pack: unknown): string[] => {
  try {
    parsePack(pack);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidDefinitionError)) throw error;
    return (error.details['problems'] as { at: string; problem: string }[]).map(
      ({ at, problem }) => `${at}: ${problem}`,
    );
  }
};
const after = (change: (pack: ReturnType<typeof sound>) => void): string[] => {
  const pack = sound();
  change(pack);
  return problemsOf(pack);
};

describe('reading a pack', () => {
  it('takes a sound one and fills in what may be left out', () => {
    const pack = parsePack(sound());
    expect(pack.operators[0]).toMatchObject({ when: [], adds: [], deletes: [], tools: [{ tool: 'shop', args: {} }] });
    expect(problemsOf(JSON.parse(JSON.stringify(pack)))).toEqual([]);
  });

  it.each([null, 7, 'x', [], {}])('refuses %j with a reason', (value) => {
    expect(problemsOf(value).length).toBeGreaterThan(0);
  });

  it('finds all mistakes of shape at once, each with its place', () => {
    const found = after((pack) => {
      Object.assign(pack.methods[0]!, { cost: 'cheap', tsak: 'dinner' });
      Object.assign(pack.tasks[0]!, { params: [{ name: 'dish', type: 'food' }] });
      delete pack.operators[1]!['tools'];
      Object.assign(pack, { version: 'one' });
    });
    expect(found).toEqual([
      'version: should be a version such as 1.0.0, got the string "one"',
      expect.stringMatching(/^tasks\[0\]\.params\[0\]\.type: should be one of source, .*, got the string "food"$/),
      expect.stringMatching(/^methods\[0\]\.tsak: unknown field; known are name, task/),
      'methods[0].cost: should be a number ≥ 0 and ≤ 1000000000, got the string "cheap"',
      'operators[1].tools: is missing',
    ]);
  });

  it.each<[string, (pack: ReturnType<typeof sound>) => void, string]>([
    [
      'an unknown member task',
      (p) => ((p.methods[0]!['subtasks'] as Loose[])[0]!['task'] = 'byu'),
      'methods[0].subtasks[0].task: "byu" is neither a task nor an operator of this pack',
    ],
    [
      'an unknown predecessor',
      (p) => ((p.methods[0]!['subtasks'] as Loose[])[1]!['after'] = ['bye']),
      'methods[0].subtasks[1].after[0]: "bye" is no member of this method',
    ],
    [
      'a circle',
      (p) => ((p.methods[0]!['subtasks'] as Loose[])[0]!['after'] = ['cook']),
      'methods[0].subtasks: members wait for one another in a circle: buy → cook → buy',
    ],
    [
      'an unbound variable',
      (p) => ((p.methods[0]!['subtasks'] as Loose[])[0]!['args'] = { what: '$dsh' }),
      'methods[0].subtasks[0].args: $dsh is not bound; known are $dish, $shop',
    ],
    [
      'an unknown argument',
      (p) => ((p.methods[0]!['subtasks'] as Loose[])[1]!['args'] = { waht: 1 }),
      'methods[0].subtasks[1].args.waht: "cook" has no parameter "waht"; known are what',
    ],
    [
      'a missing argument',
      (p) => ((p.methods[0]!['subtasks'] as Loose[])[0]!['args'] = {}),
      'methods[0].subtasks[0].args: "buy" requires "what"',
    ],
    [
      'a reference to no member',
      (p) => ((p.methods[0]!['subtasks'] as Loose[])[1]!['args'] = { what: '{{steps.sell.goods}}' }),
      'methods[0].subtasks[1].args: {{steps.sell}} is no member of this method',
    ],
    [
      'a reference inside other words',
      (p) => ((p.methods[0]!['subtasks'] as Loose[])[1]!['args'] = { what: 'my {{steps.buy}}' }),
      'methods[0].subtasks[1].args: "my {{steps.buy}}" is no reference; write {{steps.ID.path}} and nothing else in the text',
    ],
    [
      'a variable that only a denial has',
      (p) => (p.methods[0]!['when'] = [{ predicate: 'has', args: ['$shop', '$dish'], not: true }]),
      'methods[0].when[0].args: $shop is not bound; known are $dish',
    ],
    [
      'a slot that is no parameter',
      (p) => (p.tasks[0]!['phrasings'] = ['cook {meal}']),
      'tasks[0].phrasings[0]: {meal} is no parameter; known are dish',
    ],
    [
      'a task that nothing does',
      (p) => p.tasks.push({ name: 'sleep', summary: 'sleep' }),
      'tasks[1]: no method does "sleep"',
    ],
    [
      'a method of an operator',
      (p) => (p.methods[0]!['task'] = 'cook'),
      'methods[0].task: "cook" is an operator, which needs no method',
    ],
    ['a name used twice', (p) => (p.operators[1]!['name'] = 'buy'), 'operators[1].name: "buy" is used already'],
    [
      'a member id used twice',
      (p) => ((p.methods[0]!['subtasks'] as Loose[])[1]!['id'] = 'buy'),
      'methods[0].subtasks[1].id: "buy" is used already',
    ],
    [
      'an effect on a built-in predicate',
      (p) => (p.operators[1]!['adds'] = [{ predicate: 'failed', args: ['a', 'b'] }]),
      'operators[1].adds[0].predicate: "failed" is built in and cannot be changed',
    ],
    [
      'a built-in predicate with too few arguments',
      (p) => (p.operators[1]!['when'] = [{ predicate: 'equal', args: ['$what'] }]),
      'operators[1].when[0].args: "equal" takes 2 arguments, got 1',
    ],
    [
      'a default of the wrong type',
      (p) => (p.tasks[0]!['params'] = [{ name: 'dish', type: 'text', default: 7 }]),
      'tasks[0].params[0].default: should be a text, got the number 7',
    ],
    [
      'a tool argument without parameter',
      (p) => (p.operators[0]!['tools'] = [{ tool: 'shop', args: { x: '$price' } }]),
      'operators[0].tools[0].args: $price is not bound; known are $what, $where',
    ],
    [
      'an operator without a tool',
      (p) => (p.operators[0]!['tools'] = []),
      'operators[0].tools: should have at least 1 item',
    ],
    [
      'a count that is none',
      (p) => ((p.methods[0]!['subtasks'] as Loose[])[0]!['repeat'] = { count: 1.5, as: 'i' }),
      'methods[0].subtasks[0].repeat.count: should be a whole number ≥ 0 or a variable',
    ],
  ])('locates %s', (_, change, expected) => {
    expect(after(change)).toContain(expected);
  });

  it('lists the first problems in the message and all in the details', () => {
    const pack = { ...sound(), tasks: [], methods: [], operators: [] };
    expect(() => parsePack(pack)).toThrow('Pack kitchen has 3 problems: tasks: should have at least 1 item; methods:');
  });
});
