import { offerProblems } from './check-offer';
import type { DomainPack } from './pack';
import { parsePack } from './parse-pack';

const raw = (name: string, more: object = {}): Record<string, unknown> => ({
  ...{ name, version: '1.0.0', summary: 's' },
  tasks: [{ name: `${name}.do`, summary: 's', success: [{ name: 'a.holds', summary: 's', args: {} }] }],
  methods: [{ name: 'm', task: `${name}.do`, summary: 's', cost: 1, subtasks: [{ id: 'a', task: `${name}.op` }] }],
  operators: [{ name: `${name}.op`, summary: 's', tools: [{ tool: 'test.note' }] }],
  ...more,
});
const places = (read: () => unknown): readonly string[] => {
  try {
    read();
    return [];
  } catch (error) {
    const { problems } = (error as { details: { problems: { at: string }[] } }).details;
    return problems.map(({ at }) => at);
  }
};
const here = {
  others: [] as readonly DomainPack[],
  hasTool: (name: string) => name === 'test.note',
  hasVerifier: (name: string) => name === 'a.holds',
};

describe('what is offered', () => {
  it('needs its tools and verifiers, and names of its own', () => {
    const pack = parsePack(raw('a'));
    expect(offerProblems(pack, here)).toEqual([]);
    const nothing = { others: [], hasTool: () => false, hasVerifier: () => false };
    expect(offerProblems(pack, nothing).map(({ at }) => at)).toEqual([
      'tasks[0].success[0].name',
      'operators[0].tools[0].tool',
    ]);
    expect(offerProblems(pack, { ...here, others: [pack] }).map(({ at }) => at)).toEqual(['name', 'tasks[0].name']);
  });

  it('has names, versions and costs that can be kept', () => {
    const long = 'n'.repeat(101);
    expect(places(() => parsePack(raw('a', { name: long })))).toEqual(['name']);
    expect(places(() => parsePack(raw('a', { version: `1.0.0-${'9'.repeat(40)}` })))).toEqual(['version']);
    expect(places(() => parsePack(raw(long)))).toEqual(expect.arrayContaining(['tasks[0].name', 'operators[0].name']));
    const sound = raw('a')['methods'] as readonly object[];
    expect(places(() => parsePack(raw('a', { methods: [{ ...sound[0], cost: 1e308 }] })))).toEqual(['methods[0].cost']);
    expect(places(() => parsePack(raw('a', { methods: [{ ...sound[0], name: long }] })))).toEqual(['methods[0].name']);
    const domain: DomainPack = { ...parsePack(raw('a')), name: long };
    expect(offerProblems(domain, here).map(({ at }) => at)).toEqual(['name']);
  });

  it('says of every task that words can ask for when it succeeded', () => {
    const task = { name: 'a.do', summary: 's', success: [] };
    const found = (phrasings: readonly string[]): readonly string[] =>
      offerProblems(parsePack(raw('a', { tasks: [{ ...task, phrasings }] })), here).map(({ at }) => at);
    expect([found(['do it']), found([])]).toEqual([['tasks[0].success'], []]);
  });

  it('has a way to an end for every task', () => {
    const member = (task: string, more: object = {}): object => ({ id: 'a', task, ...more });
    const method = (task: string, name: string, ...subtasks: object[]): object => ({
      ...{ name, task, summary: 's', cost: 1 },
      subtasks,
    });
    const tasks = ['a.do', 'a.more'].map((name) => ({ name, summary: 's' }));
    const offered = (methods: readonly object[]): readonly string[] =>
      offerProblems(parsePack(raw('a', { tasks, methods })), here).map(({ at }) => at);
    const endless = [method('a.do', 'm', member('a.more')), method('a.more', 'm', member('a.do'))];
    expect(offered(endless)).toEqual(['tasks[0]', 'tasks[1]']);
    expect(offered([...endless, method('a.more', 'end', member('a.op'))])).toEqual([]);
    const again = member('a.do', { repeat: { count: 0, as: 'i' } });
    expect(offered([method('a.do', 'm', member('a.more')), method('a.more', 'm', again)])).toEqual([]);
  });

  it('uses no names that every object has', () => {
    const odd = JSON.parse('{"constructor": 1, "__proto__": {"x": 1}, "toString": 2}') as object;
    const pack = Object.defineProperties(raw('a'), Object.getOwnPropertyDescriptors(odd));
    expect(places(() => parsePack(pack))).toEqual(['constructor', '__proto__', 'toString']);
    const params = ['__proto__', 'constructor', 'own'].map((name) => ({ name, type: 'text' }));
    const tasks = [{ name: 'a.do', summary: 's', params }];
    expect(places(() => parsePack(raw('a', { tasks })))).toEqual([
      'tasks[0].params[0].name',
      'tasks[0].params[1].name',
    ]);
    const members = ['toString', 'constructor', 'a'].map((id) => ({ id, task: 'a.op' }));
    const methods = [{ name: 'constructor', task: 'a.do', summary: 's', cost: 1, subtasks: members }];
    expect(places(() => parsePack(raw('a', { methods })))).toEqual([
      'methods[0].name',
      'methods[0].subtasks[0].id',
      'methods[0].subtasks[1].id',
    ]);
  });
});
