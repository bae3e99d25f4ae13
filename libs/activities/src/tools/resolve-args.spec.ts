import { BrokenReferenceError, referencedSteps, resolveArgs } from './resolve-args';

const from = (step: string, path = ''): object => ({ $from: { step, path } });

describe('resolveArgs', () => {
  it('puts the outputs of earlier steps in place, at any depth', () => {
    const args = { table: from('open', 'table'), all: [from('profile'), 1], plain: 'x' } as never;
    const outputs = { open: { table: { rows: 3 } }, profile: { columns: 2 } };
    expect(resolveArgs(args, outputs)).toEqual({ table: { rows: 3 }, all: [{ columns: 2 }, 1], plain: 'x' });
  });

  it('names the step and the path that gave nothing', () => {
    const args = { table: from('open', 'tables.0') } as never;
    expect(() => resolveArgs(args, { open: { table: 1 } })).toThrow(
      new BrokenReferenceError('Step open gave nothing at "tables.0"'),
    );
  });

  it('never reads what an output merely inherits', () => {
    expect(() => resolveArgs({ x: from('open', 'constructor') } as never, { open: {} })).toThrow(BrokenReferenceError);
  });

  it('leaves data alone that only looks like a reference', () => {
    const args = { x: { $from: { step: 'a', path: '' }, more: 1 } } as never;
    expect(resolveArgs(args, {})).toEqual(args);
  });
});

it('referencedSteps lists each step once', () => {
  expect(referencedSteps({ a: from('s1', 'x'), b: [from('s2'), from('s1', 'y')] } as never)).toEqual(['s1', 's2']);
});
