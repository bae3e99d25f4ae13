import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentError, parsePack, resolveTask } from '@goalkeeper/domain';

const packs = [parsePack(JSON.parse(readFileSync(join(__dirname, 'data.pack.json'), 'utf8')))];
const refusal = (objective: string): string => {
  try {
    resolveTask({ objective, task: null }, packs);
  } catch (error) {
    if (error instanceof AgentError) return `${error.code}: ${error.hint}`;
    throw error;
  }
  return 'taken';
};

describe('paths in the words of a goal', () => {
  it.each(['/etc/passwd', './dump', '../data/export', '~/sales', '/var/log/'])(
    'are handed to the tool, which says what it may read, also without an ending: %s',
    (path) => {
      const { request } = resolveTask({ objective: `analyse ${path}`, task: null }, packs);
      expect(request).toMatchObject({ name: 'data.report', args: { source: path } });
    },
  );

  it.each(['analyse data/dump', 'shred data/dump into tiny pieces'])(
    'that look like words are told: %s',
    (objective) => {
      expect(refusal(objective)).toMatch(/ If data\/dump is a file, write \.\/data\/dump or its full path\.$/);
    },
  );

  it('are not seen where none are', () => {
    expect(refusal('bake a cake')).not.toContain('is a file');
    expect(refusal('analyse weather.csv')).toBe('taken');
  });
});
