import { json, prepared, preparedName, text } from './sql';

describe('json', () => {
  it('replaces what jsonb refuses and nothing else', () => {
    const value = { a: 'x\u0000y', b: '\ud800', c: '\\u0000', d: '\\\u0000', e: '😀', f: '\\\\ud800', '\u0000': 1 };
    expect(JSON.parse(json(value) ?? '')).toEqual({
      a: 'x\ufffdy',
      b: '\ufffd',
      c: '\\u0000',
      d: '\\\ufffd',
      e: '😀',
      f: '\\\\ud800',
      '\ufffd': 1,
    });
  });

  it('gives null for nothing', () => {
    expect([json(null), json(undefined)]).toEqual([null, null]);
  });
});

describe('text', () => {
  it('replaces NUL and lone surrogates and keeps pairs', () => {
    expect(text('a\u0000b\ud83dc😀\udc00')).toBe('a\ufffdb\ufffdc😀\ufffd');
  });
});

describe('prepared', () => {
  it('gives a statement the name under which connections keep it', () => {
    expect(preparedName(prepared('get_it', 'SELECT a FROM b'))).toBe('get_it');
    expect(preparedName('SELECT a FROM b')).toBeNull();
    expect(preparedName(`SELECT '/* gk:x */'`)).toBeNull();
  });

  it.each(['SELECT * FROM b', 'SELECT b.* FROM b', 'DELETE FROM b RETURNING *'])(
    'refuses %s, whose result changes with the table',
    (sql) => {
      expect(() => prepared('x', sql)).toThrow(/name its columns/);
    },
  );
});
