import { generatedDomain } from '../../../../../benchmarks/guidance/domains';
import { parseDomain } from '../pddl/parse-domain';
import { domainDigest } from './domain-digest';
import { type GuidanceModel, writeGuidanceModel } from './model';
import { checkModelDomain, GuidanceModelError, readGuidanceModel } from './read-model';

const text = generatedDomain('boat').domain;
const boat = parseDomain(text, 'boat');
const model: GuidanceModel = {
  format: 'goalkeeper-guidance',
  version: 2,
  domain: { name: 'boat', digest: domainDigest(boat) },
  trained: { problems: 4, heldBack: 2, plans: 4, examples: 30, placeboSeed: null },
  policy: { stepWeight: 2, pathWeight: 0, allowedWaste: 2 },
  gate: {
    open: true,
    why: 'on: 0.5 × the expansions',
    trials: [
      {
        ...{ from: 'all', stepWeight: 2, allowedWaste: 2, problems: 2 },
        ...{ solvedOff: 2, solvedOn: 2, lost: 0, harmed: 0, ratio: 0.5 },
      },
    ],
  },
  weights: { '1z141z3': -1.25, a: 0.5 },
};
const written = writeGuidanceModel(model);

function refusal(run: () => unknown): GuidanceModelError {
  try {
    run();
  } catch (error) {
    if (error instanceof GuidanceModelError) return error;
    throw error;
  }
  throw new Error('It was accepted');
}

describe('reading a model of guidance', () => {
  it('gives back what was written', () => {
    expect(readGuidanceModel(written)).toEqual(model);
  });

  it.each([
    ['nothing', '', 'guidance.malformed', /not JSON/],
    ['half a file', written.slice(0, 200), 'guidance.malformed', /not JSON/],
    ['a number that is none', written.replace('-1.25', 'NaN'), 'guidance.malformed', /not JSON/],
    [
      'an endless number',
      written.replace('-1.25', '1e999'),
      'guidance.malformed',
      /weights\.1z141z3 must be .*Infinity/,
    ],
    ['a weight that is a text', written.replace('-1.25', '"much"'), 'guidance.malformed', /weights\.1z141z3/],
    ['a weight that is null', written.replace('-1.25', 'null'), 'guidance.malformed', /weights\.1z141z3/],
    ['a feature that is none', written.replace('1z141z3', 'zzzzzzz'), 'guidance.malformed', /weights\.zzzzzzz/],
    ['other JSON', '{"kind":"lesson"}', 'guidance.malformed', /format must be "goalkeeper-guidance", found nothing/],
    ['a list', '[]', 'guidance.malformed', /the file must be an object/],
    ['a later version', written.replace('"version":2', '"version":3'), 'guidance.version', /version 3.* version 2/],
    [
      'a version that is none',
      written.replace('"version":2', '"version":"2"'),
      'guidance.malformed',
      /version must be/,
    ],
    ['a gate that is ajar', written.replace('"open":true', '"open":"yes"'), 'guidance.malformed', /gate\.open/],
    ['half a trial', written.replace('"lost":0,', ''), 'guidance.malformed', /gate\.trials\[0\]\.lost/],
    [
      'a digest that is none',
      written.replace(/"digest":"\w+"/, '"digest":"x"'),
      'guidance.malformed',
      /domain\.digest/,
    ],
    [
      'a negative step weight',
      written.replace('"stepWeight":2,"path', '"stepWeight":-2,"path'),
      'guidance.malformed',
      /policy\.stepWeight/,
    ],
    ['a huge file', `${written}${' '.repeat(32_000_000)}`, 'guidance.too_large', /32000000 are allowed/],
  ])('refuses %s', (_, file, code, message) => {
    const error = refusal(() => readGuidanceModel(file));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(/learn train/);
  });

  it('knows its domain under another name and in another order, and no other domain', () => {
    const renamed = parseDomain(text.replace('(domain boat)', '(domain ship)').replaceAll('\n', ' \n; note\n'), 'ship');
    expect(() => checkModelDomain(model, renamed)).not.toThrow();
    for (const [from, to] of [
      ['(aboard ?c - cart)', '(aboard ?c - cart) (lit)'],
      ['(not (moored ?a))', '(not (moored ?b))'],
      ['unload', 'put-ashore'],
    ] as const) {
      const other = parseDomain(text.replace(from, to), 'other');
      const error = refusal(() => checkModelDomain(model, other));
      expect(error.code).toBe('guidance.other_domain');
      expect(error.message).toMatch(/learned for the domain boat .*not for boat/);
      expect(error.hint).toMatch(/learn train/);
    }
  });
});
