import { parseDomain } from './parse-domain';
import { parseProblem } from './parse-problem';
import { COURIER_DOMAIN, COURIER_PROBLEM } from './testing/courier';
import { writtenNames } from './written-names';

const domain = parseDomain(COURIER_DOMAIN);
const problem = parseProblem(COURIER_PROBLEM, domain);
const of = (rest: string) => parseProblem(`(define (problem p) (:domain courier) ${rest})`, domain);

describe('a problem', () => {
  it('has its objects, each with its type and spelling', () => {
    expect(problem).toMatchObject({ name: 'monday', domain: 'courier' });
    expect(problem.objects[0]).toEqual({ name: 'box', written: 'Box', types: ['parcel'] });
    expect(problem.objects.map(({ name, types }) => [name, ...types])).toEqual([
      ['box', 'parcel'],
      ['b1', 'bike'],
      ['v1', 'van'],
      ['north', 'town'],
      ['south', 'town'],
    ]);
  });

  it('has facts once each, without those that are denied', () => {
    expect(problem.init.map(({ predicate, args }) => [predicate, ...args].join(' '))).toEqual([
      'at box north',
      'at v1 depot',
      'road depot north',
      'road north south',
    ]);
  });

  it('has values of functions', () => {
    expect(problem.values).toEqual([
      { function: 'distance', args: ['depot', 'north'], value: 3 },
      { function: 'distance', args: ['north', 'south'], value: 4.5 },
      { function: 'total-cost', args: [], value: 0 },
    ]);
    expect(problem.minimizesCost).toBe(true);
  });

  it('has an initial network with variables of its own', () => {
    expect(problem.network?.params).toEqual([{ name: '?v', types: ['vehicle'] }]);
    expect(problem.network?.members.map(({ id, task, args }) => [id, task, ...args])).toEqual([
      ['#0', 'deliver', 'box', 'south'],
      ['t2', 'move', '?v', 'north'],
    ]);
    expect(problem.network?.ordering).toEqual([]);
    expect(problem.network?.constraints).toEqual({ kind: 'not', of: { kind: 'equal', left: '?v', right: 'b1' } });
  });

  it('is classical without a network: then it has a goal', () => {
    const classical = of('(:objects n - town) (:init) (:goal (exists (?p - parcel) (at ?p n)))');
    expect(classical).toMatchObject({ network: null, minimizesCost: false, goal: { kind: 'exists' } });
    expect(problem.goal).toMatchObject({ kind: 'and', parts: [{ kind: 'atom' }] });
    expect(of('(:htn :ordered-tasks (rest))').goal).toEqual({ kind: 'true' });
  });

  it('reads sections in any order, and facts in and', () => {
    const mixed = of(
      '(:init (and (at b north) (wet))) (:htn :tasks (deliver b Depot)) (:objects b - parcel north - town)',
    );
    expect(mixed.init).toHaveLength(2);
    expect(mixed.network?.members[0]?.args).toEqual(['b', 'depot']);
  });

  it('keeps a constant that the objects repeat among the constants', () => {
    expect(of('(:objects depot - town x - town) (:goal (wet))').objects.map(({ name }) => name)).toEqual(['x']);
  });

  it('orders the members of an ordered network', () => {
    expect(of('(:htn :ordered-subtasks (and (a (rest)) (rest) (rest)))').network?.ordering).toEqual([
      ['a', '#1'],
      ['#1', '#2'],
    ]);
  });

  it('turns "not of this type" into inequalities with all objects of the type', () => {
    const network = of(`(:objects b1 b2 - bike v - van) (:htn :parameters (?v - vehicle ?w - vehicle)
      :tasks (rest) :constraints (and (not (sortof ?v - bike)) (sortof ?w - van)))`).network;
    expect(network?.constraints).toEqual({
      kind: 'and',
      parts: ['b1', 'b2'].map((right) => ({ kind: 'not', of: { kind: 'equal', left: '?v', right } })),
    });
    expect(network?.params.map(({ types }) => types)).toEqual([['vehicle'], ['van']]);
  });

  it('can be printed with the spelling of its files', () => {
    const { tasks, methods, objects } = writtenNames(domain, problem);
    expect([...tasks, ...methods, ...objects]).toEqual([
      ['drive', 'Drive'],
      ['depot', 'Depot'],
      ['box', 'Box'],
    ]);
  });
});
