import { commandName } from './command-name';

describe('commandName', () => {
  it.each(['goalkeeper', 'start'])('names the npm script where npm run %s started us', (script) => {
    expect(commandName({ npm_lifecycle_event: script })).toBe('npm run --silent goalkeeper --');
  });

  it.each([{}, { npm_lifecycle_event: 'test' }])('is the plain command elsewhere', (env) => {
    expect(commandName(env)).toBe('goalkeeper');
  });
});
