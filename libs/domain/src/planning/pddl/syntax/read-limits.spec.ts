import fc from 'fast-check';
import { parseDomain } from '../parse-domain';
import { parseProblem } from '../parse-problem';
import { COURIER_DOMAIN, COURIER_PROBLEM } from '../testing/courier';
import { PddlSyntaxError } from './pddl-syntax-error';

/** What parsing ends with: `null` when it succeeds. Anything but an error of ours goes through. */
function outcome(parse: () => unknown): PddlSyntaxError | null {
  try {
    parse();
    return null;
  } catch (error) {
    if (error instanceof PddlSyntaxError) return error;
    throw error;
  }
}

/** One random damage: characters taken out, doubled, changed, or pieces of the text moved elsewhere. */
const damage = fc.record({
  kind: fc.constantFrom('cut', 'double', 'put', 'move'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 30 }),
  to: fc.nat(),
  text: fc.oneof(
    fc.constantFrom('(', ')', ' - ', '?x', '=', ' and ', '(not', ':task', '()', ' either ', '-1', '<', ';', '\n'),
    fc.string({ maxLength: 5, unit: 'binary' }),
  ),
});

function apply(text: string, change: typeof damage extends fc.Arbitrary<infer T> ? T : never): string {
  const at = change.at % (text.length + 1);
  const piece = text.slice(at, at + change.length);
  const without = text.slice(0, at) + text.slice(at + change.length);
  if (change.kind === 'cut') return without;
  if (change.kind === 'double') return text.slice(0, at) + piece + text.slice(at);
  if (change.kind === 'put') return text.slice(0, at) + change.text + text.slice(at);
  const to = change.to % (without.length + 1);
  return without.slice(0, to) + piece + without.slice(to);
}

const damages = fc.array(damage, { minLength: 1, maxLength: 6 });

describe('damaged files', () => {
  const domain = parseDomain(COURIER_DOMAIN);

  it('a domain is read, or refused at a place inside its text', () => {
    let refused = 0;
    const check = fc.property(damages, (changes) => {
      const text = changes.reduce(apply, COURIER_DOMAIN);
      const error = outcome(() => parseDomain(text, 'f'));
      if (!error) return;
      refused += 1;
      const lines = text.split(/\r\n?|\n/);
      expect(error.code).toBe('planning.malformed_input');
      expect(error.line).toBeLessThanOrEqual(lines.length);
      expect(error.column).toBeGreaterThan(0);
      expect(error.column).toBeLessThanOrEqual((lines[error.line - 1] ?? '').length + 1);
      expect(error.message).toBe(`f:${error.line}:${error.column}: expected ${error.expected}, found ${error.found}`);
      expect(error.message).not.toMatch(/undefined|\[object/);
    });
    fc.assert(check, { seed: 4, numRuns: 1500 });
    expect(refused).toBeGreaterThan(700);
  });

  it('a problem is read, or refused', () => {
    const check = fc.property(damages, (changes) => {
      const text = changes.reduce(apply, COURIER_PROBLEM);
      expect(outcome(() => parseProblem(text, domain, 'f'))?.code ?? 'read').toMatch(
        /^(planning.malformed_input|read)$/,
      );
    });
    fc.assert(check, { seed: 5, numRuns: 1500 });
  });

  it('any text at all is read, or refused', () => {
    const words = fc.constantFrom(
      '(',
      ')',
      'define',
      'domain',
      'd',
      ':types',
      'a',
      '-',
      ':action',
      '?x',
      'and',
      ':init',
    );
    const check = fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(words).map((all) => all.join(' ')),
      ),
      (text) => {
        expect(outcome(() => parseDomain(text))?.line ?? 1).toBeGreaterThan(0);
      },
    );
    fc.assert(check, { seed: 6, numRuns: 1000 });
  });
});

describe('large files', () => {
  it('refuses parentheses nested 100,000 deep where they become too deep', () => {
    const error = outcome(() => parseDomain('(define (domain d) (:action a :precondition ' + '(not '.repeat(100_000)));
    expect(error?.message).toBe('domain:1:2035: expected at most 400 nested parentheses, found another "("');
  });

  it('reads conditions nested as deep as allowed', () => {
    const derived = (depth: number): string =>
      `(define (domain d) (:predicates (p) (q)) (:derived (p) ${'(not '.repeat(depth)}(q)${')'.repeat(depth)}))`;
    expect(outcome(() => parseDomain(derived(397)))).toBeNull();
    expect(outcome(() => parseDomain(derived(398)))?.found).toBe('another "("');
  });

  it('reads 200,000 objects of one type and as many facts', () => {
    const domain = parseDomain('(define (domain d) (:types t) (:predicates (p ?x - t)))');
    const names = Array.from({ length: 200_000 }, (_, index) => `o${index}`);
    const facts = names.map((name) => `(p ${name})`).join('\n');
    const text = `(define (problem x) (:domain d) (:objects ${names.join(' ')} - t) (:init ${facts}) (:goal ()))`;
    const problem = parseProblem(text, domain);
    expect(problem.objects).toHaveLength(200_000);
    expect(problem.init.at(-1)).toEqual({ predicate: 'p', args: ['o199999'] });
  });

  it('reads types in a chain of 20,000, and refuses the same closed to a ring', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => `t${index} - t${index + 1}`).join(' ');
    const use = '(:constants c - t0) (:predicates (p ?x - t20000)) (:action a :precondition (p c))';
    expect(outcome(() => parseDomain(`(define (domain d) (:types ${chain}) ${use})`))).toBeNull();
    const ring = outcome(() => parseDomain(`(define (domain d) (:types ${chain} t20000 - t0) ${use})`));
    expect(ring?.message).toBe(
      'domain:1:28: expected types without a cycle, found t0 - t1 - t2 - t3 - t4 - t5 - t6 - … - t0',
    );
  });
});
