import { parseDomain } from './parse-domain';
import type { Effect, PddlDomain } from './model';
import { COURIER_DOMAIN } from './testing/courier';

const domain = parseDomain(COURIER_DOMAIN, 'courier.hddl');
const action = (name: string, of: PddlDomain = domain) => of.actions.find((one) => one.name === name);
const method = (name: string, of: PddlDomain = domain) => of.methods.find((one) => one.name === name);
const atom = (predicate: string, ...args: string[]) => ({ kind: 'atom', atom: { predicate, args } });
/** A domain of a few predicates and what the test adds. */
const small = (rest: string) =>
  parseDomain(`(define (domain d) (:predicates (p ?x) (q) (r ?x ?y)) (:constants c) ${rest})`);

describe('names and types', () => {
  it('reads names in lower case and remembers how they were written', () => {
    expect(domain.name).toBe('courier');
    expect(domain.constants).toEqual([{ name: 'depot', written: 'Depot', types: ['town'] }]);
    expect(action('drive')).toMatchObject({ written: 'Drive', at: { line: 31, column: 3 } });
    expect(action('load')).not.toHaveProperty('written');
  });

  it('puts object above types without one, and keeps every parent', () => {
    expect([...domain.types]).toEqual([
      ['object', []],
      ['bike', ['vehicle']],
      ['vehicle', ['thing']],
      ['van', ['vehicle', 'locked']],
      ['thing', ['object']],
      ['parcel', ['thing']],
      ['locked', ['object']],
      ['town', ['object']],
    ]);
  });

  it('takes types for declared by their use where no section declares any, and only there', () => {
    const use = '(:constants c - town) (:predicates (at ?x - car ?y - (either town hub)))';
    expect([...parseDomain(`(define (domain d) ${use})`).types]).toEqual([
      ['object', []],
      ['town', ['object']],
      ['car', ['object']],
      ['hub', ['object']],
    ]);
    expect(() => parseDomain(`(define (domain d) (:types town hub) ${use})`)).toThrow('unknown type "car"');
  });

  it('knows a type that stands only behind a dash, either, and types glued to the dash', () => {
    const { types, constants } = parseDomain(
      '(define (domain d) (:types a -b c - (either a e)) (:constants x -a y - (either a c) z))',
    );
    expect(types.get('b')).toEqual(['object']);
    expect(types.get('c')).toEqual(['a', 'e']);
    expect(constants.map((one) => one.types)).toEqual([['a'], ['a', 'c'], ['object']]);
  });

  it('keeps predicates of one name that differ in their arguments', () => {
    const at = domain.predicates.filter(({ name }) => name === 'at');
    expect(at.map(({ params }) => params.map(({ types }) => types))).toEqual([
      [['thing'], ['town']],
      [['bike', 'van'], ['town'], ['town']],
    ]);
    expect(domain.predicates.find(({ name }) => name === 'fragile')?.params).toEqual([
      { name: '?p', types: ['object'] },
    ]);
  });

  it('takes predicates whose declaration repeats a variable, and one called =', () => {
    const { predicates } = parseDomain('(define (domain d) (:predicates (linked ?x ?x) (= ?a ?b)))');
    expect(predicates.map(({ name, params }) => [name, params.length])).toEqual([['linked', 2]]);
  });

  it('reads requirements, functions and tasks', () => {
    expect(domain.requirements).toContain(':hierarchy');
    expect(domain.functions.map(({ name, params }) => [name, params.length])).toEqual([
      ['total-cost', 0],
      ['distance', 2],
    ]);
    expect(domain.tasks.map(({ name, params }) => [name, params.length])).toEqual([
      ['deliver', 2],
      ['move', 2],
      ['rest', 0],
    ]);
  });

  it('reads sections in any order, white space of all kinds, comments and a byte order mark', () => {
    const text =
      '\uFEFF(define(domain d)\r\n(:action a :parameters(?x - t) :precondition(p ?x));c (\r(:predicates(p ?x - t))\t(:types t)\u00A0)';
    expect(parseDomain(text).actions[0]).toMatchObject({
      at: { line: 2, column: 1 },
      precondition: atom('p', '?x'),
    });
  });
});

describe('conditions', () => {
  it('reads every kind', () => {
    expect(action('drive')?.precondition).toEqual({
      kind: 'and',
      parts: [
        atom('at', '?v', '?a'),
        atom('road', '?a', '?b'),
        { kind: 'imply', if: atom('wet'), then: { kind: 'not', of: { kind: 'equal', left: '?a', right: '?b' } } },
        {
          kind: 'forall',
          vars: [{ name: '?p', types: ['parcel'] }],
          of: {
            kind: 'or',
            parts: [
              { kind: 'not', of: atom('in', '?p', '?v') },
              { kind: 'not', of: atom('fragile', '?p') },
            ],
          },
        },
      ],
    });
  });

  it('reads what is missing or empty as true', () => {
    expect(action('load')?.precondition).toEqual({ kind: 'true' });
    expect(action('noop')).toMatchObject({ precondition: { kind: 'true' }, effect: { kind: 'and', parts: [] } });
    expect(small('(:action a :precondition (and))').actions[0]?.precondition).toEqual({ kind: 'true' });
  });

  it('lets an inner variable hide an outer one, also with another type', () => {
    const text = `(define (domain d) (:types a b) (:predicates (p ?x - a) (q ?x - b))
      (:action do :parameters (?x - a) :precondition (and (exists (?x - b) (q ?x)) (p ?x))))`;
    expect(parseDomain(text).actions[0]?.precondition).toMatchObject({ parts: [{ kind: 'exists' }, atom('p', '?x')] });
  });

  it('accepts a wider variable where a narrower type is asked for: it may still fit', () => {
    const text = `(define (domain d) (:types a - b x y - c z - x z - y) (:predicates (p ?x - a) (q ?y - y))
      (:action do :parameters (?x - b ?m - x) :precondition (and (p ?x) (q ?m))))`;
    expect(() => parseDomain(text)).not.toThrow();
  });

  it('takes rules in layers, and negation of the layer below or twice', () => {
    const rules = '(:derived (q) (p c)) (:derived (r ?x ?y) (and (not (q)) (not (not (r ?y ?x)))))';
    expect(small(rules).axioms.map(({ name }) => name)).toEqual(['q', 'r']);
  });

  it('reads a derived rule, with types from the declaration of its predicate', () => {
    const [axiom] = domain.axioms;
    expect(axiom?.params.map(({ types }) => types)).toEqual([['town'], ['town']]);
    expect(axiom?.condition).toMatchObject({ kind: 'or', parts: [atom('road', '?a', '?b'), { kind: 'exists' }] });
  });
});

describe('effects', () => {
  const partsOf = (effect: Effect | undefined) => (effect?.kind === 'and' ? effect.parts : []);

  it('reads adding, deleting, conditional and quantified effects', () => {
    expect(partsOf(action('drive')?.effect).slice(0, 3)).toEqual([
      { kind: 'delete', atom: { predicate: 'at', args: ['?v', '?a'] } },
      { kind: 'add', atom: { predicate: 'at', args: ['?v', '?b'] } },
      {
        kind: 'when',
        if: atom('wet'),
        then: { kind: 'and', parts: [{ kind: 'delete', atom: { predicate: 'wet', args: [] } }] },
      },
    ]);
    expect(partsOf(action('unload')?.effect)[0]).toMatchObject({
      kind: 'forall',
      vars: [{ name: '?q', types: ['parcel'] }],
      of: { kind: 'when', then: { kind: 'add' } },
    });
  });

  it('reads costs: a number, or a function', () => {
    expect(partsOf(action('load')?.effect)[2]).toEqual({ kind: 'cost', by: 2 });
    expect(partsOf(action('drive')?.effect)[3]).toEqual({
      kind: 'cost',
      by: { function: 'distance', args: ['?a', '?b'] },
    });
  });
});

describe('methods', () => {
  it('reads members with ids and their order, in both notations', () => {
    const network = method('by-vehicle')?.network;
    expect(network?.members.map(({ id, task, args }) => [id, task, ...args])).toEqual([
      ['go', 'move', '?v', '?from'],
      ['up', 'load', '?p', '?v', '?from'],
      ['on', 'move', '?v', '?to'],
      ['off', 'unload', '?p', '?v', '?to'],
    ]);
    expect(network?.members[0]?.at).toEqual({ line: 22, column: 20 });
    expect(network?.ordering).toEqual([
      ['go', 'up'],
      ['up', 'on'],
      ['on', 'off'],
    ]);
    expect(method('by-vehicle')?.task).toEqual({ name: 'deliver', args: ['?p', '?to'] });
  });

  it('makes up ids for members without, and orders each before the next', () => {
    const network = method('ride')?.network;
    expect(network?.members.map(({ id }) => id)).toEqual(['#0', '#1']);
    expect(network?.ordering).toEqual([['#0', '#1']]);
  });

  it('reads no members, empty members, and one member without and', () => {
    expect(method('stay')?.network).toEqual({ members: [], ordering: [], constraints: { kind: 'true' } });
    expect(method('nap')?.network.members).toEqual([]);
    expect(method('home')?.network.members).toMatchObject([{ task: 'move', args: ['?v', 'depot'] }]);
  });

  it('leaves members unordered where no order is written, and takes a pair alone', () => {
    const rest = `(:task t) (:action a) (:method m :task (t) :subtasks (and (x (a)) (a) (y (a))) :order (< y x))
      (:method n :task (t) :tasks (and (a) (a)))`;
    expect(method('m', small(rest))?.network.ordering).toEqual([['y', 'x']]);
    expect(method('n', small(rest))?.network.ordering).toEqual([]);
  });

  it('narrows a parameter by sortof, and turns its negation into a precondition', () => {
    expect(method('by-vehicle')?.params.find(({ name }) => name === '?v')?.types).toEqual(['van']);
    expect(method('by-vehicle')?.network.constraints).toEqual({
      kind: 'not',
      of: { kind: 'equal', left: '?from', right: '?to' },
    });
    expect(method('home')?.precondition).toEqual({
      kind: 'not',
      of: {
        kind: 'exists',
        vars: [{ name: '?v-of-type', types: ['bike'] }],
        of: { kind: 'equal', left: '?v', right: '?v-of-type' },
      },
    });
  });

  it('narrows to what two types share', () => {
    const narrowed = (type: string) =>
      parseDomain(`(define (domain d) (:types z - x z - y w - x) (:task t) (:method m :parameters (?a - x) :task (t)
        :constraints (sortof ?a - ${type})))`).methods[0]?.params[0]?.types;
    expect(narrowed('y')).toEqual(['z']);
    expect(narrowed('object')).toEqual(['x']);
    expect(narrowed('w')).toEqual(['w']);
  });
});
