import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_GOAL, parseStartOptions } from './start-options.mjs';
import { chooseTests } from './test-options.mjs';

const groups = { gates: ['format', 'lint'], projects: ['unit', 'integration', 'system'] };

test('npm start without arguments runs the demonstration', () => {
  const options = parseStartOptions([]);
  assert.equal(options.words, DEFAULT_GOAL);
  assert.equal(options.once, false);
});

test('words after the options are the goal, also when the shell split them', () => {
  const options = parseStartOptions(['--once', 'analyse', './mine.csv', '--json', 'by region']);
  assert.equal(options.words, 'analyse ./mine.csv by region');
  assert.deepEqual([options.once, options.json], [true, true]);
});

test('a goal may begin with a dash after --', () => {
  assert.equal(parseStartOptions(['--', '--odd words']).words, '--odd words');
});

test('an unknown option ends with code 2 and names the near one', () => {
  assert.throws(
    () => parseStartOptions(['--onse']),
    (error) => error.exitCode === 2 && /--onse/.test(error.message) && /--once/.test(error.hint),
  );
});

test('options that contradict each other are refused', () => {
  for (const argv of [
    ['--stack-only', '--once'],
    ['--stack-only', 'a goal'],
    ['--chaos', 'a goal'],
  ]) {
    assert.throws(() => parseStartOptions(argv), { exitCode: 2 }, argv.join(' '));
  }
});

test('npm test without arguments runs everything', () => {
  assert.deepEqual(chooseTests([], groups), { ...groups, patterns: [] });
});

test('npm test takes names of groups and parts of paths', () => {
  assert.deepEqual(chooseTests(['unit', 'lint'], groups), { gates: ['lint'], projects: ['unit'], patterns: [] });
  assert.deepEqual(chooseTests(['libs/domain/src/a.spec.ts'], groups).projects, ['unit']);
  assert.deepEqual(chooseTests(['kill'], groups), { gates: [], projects: groups.projects, patterns: ['kill'] });
  assert.throws(() => chooseTests(['--watch'], groups), { exitCode: 2 });
});
