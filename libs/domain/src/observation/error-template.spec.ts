import { fitsTemplate, maskError, mineTemplates, signatureOf } from './error-template';

describe('texts of errors', () => {
  it.each([
    ['connect ECONNREFUSED 10.1.2.3:5432', 'connect ECONNREFUSED 127.0.0.1:6000'],
    ['cannot open "/data/a.csv": no such file', "cannot open '/srv/x/y.json': no such file"],
    ['GET https://a.example/x?y=1 answered 503 after 12 ms', 'GET http://b.example/ answered 502 after 9000 ms'],
    ['row 17: 12.5 is no date', 'row 18991: 30,1 is no date'],
    ['job 550e8400-e29b-41d4-a716-446655440000 is gone', 'job 123e4567-e89b-12d3-a456-426614174000 is gone'],
    ['blob 9f86d081884c7d659a2feaa0 is missing', 'blob 2c26b46b68ffc68ff99b453c is missing'],
    ['sales.csv has no column price', 'weather-2.csv has no column price'],
  ])('that differ in particulars are of one kind: %s', (one, other) => {
    expect(maskError(one)).toBe(maskError(other));
    expect(signatureOf('x', one)).toEqual(signatureOf('x', other));
    expect(maskError(one)).toMatch(/<\w+>/);
  });

  it('that differ in words or code are not', () => {
    expect(signatureOf('x', 'disk full').id).not.toBe(signatureOf('x', 'disk gone').id);
    expect(signatureOf('x', 'disk full').id).not.toBe(signatureOf('y', 'disk full').id);
  });

  it('are mined into templates, the same in every run, as many as are allowed', () => {
    const texts = [
      ...['alice', 'bob', 'carol', 'dave'].map((name) => `user ${name} may not write to table orders`),
      'disk full on volume main',
      'disk full on volume spare',
    ];
    const mined = mineTemplates(texts);
    expect(mined).toEqual([
      { template: 'user <*> may not write to table orders', texts: [0, 1, 2, 3] },
      { template: 'disk full on volume <*>', texts: [4, 5] },
    ]);
    expect(mineTemplates(texts)).toEqual(mined);
    expect(mineTemplates(texts, 1)).toEqual([mined[0]]);
    expect(fitsTemplate(mined[0]?.template ?? '', 'user eve may not write to table orders')).toBe(true);
    expect(fitsTemplate(mined[0]?.template ?? '', 'user eve may not read from table orders')).toBe(false);
  });

  it('of any size are cut', () => {
    expect(maskError('word '.repeat(100_000)).split(' ')).toHaveLength(24);
    expect(maskError('')).toBe('');
  });
});
