import { isUuid, newId } from './ids';

describe('newId', () => {
  it('gives UUIDv7s that sort in the order they were made, also within a millisecond', () => {
    const made = Array.from({ length: 20_000 }, () => newId());
    expect(made.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(
      true,
    );
    expect(made).toEqual([...made].sort());
    expect(new Set(made).size).toBe(made.length);
  });

  it('carries the time', () => {
    const before = Date.now();
    const ms = parseInt(newId().replaceAll('-', '').slice(0, 12), 16);
    expect(ms).toBeGreaterThanOrEqual(before);
    expect(ms - before).toBeLessThan(60_000);
  });

  it('knows uuids from other text', () => {
    expect([isUuid(newId()), isUuid(''), isUuid(`${newId()}'`), isUuid(` ${newId()}`)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
