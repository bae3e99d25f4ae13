import { SetupError } from './errors.mjs';

/**
 * What `npm test -- …` runs: everything, the named groups, or the test files whose path holds one of the given parts
 * (in the named projects, else in those that the file endings point to).
 */
export function chooseTests(argv, { gates, projects }) {
  const unknown = argv.find((argument) => argument.startsWith('-'));
  if (unknown) {
    throw new SetupError(`Unknown option ${unknown}.`, {
      exitCode: 2,
      hint: `Give names of groups (${[...gates, ...projects].join(', ')}) or parts of paths of test files.`,
    });
  }
  if (argv.length === 0) return { gates, projects, patterns: [] };
  const patterns = argv.filter((argument) => !gates.includes(argument) && !projects.includes(argument));
  const chosen = {
    gates: gates.filter((name) => argv.includes(name)),
    projects: projects.filter((name) => argv.includes(name)),
  };
  if (patterns.length > 0 && chosen.projects.length === 0) chosen.projects = projectsOf(patterns, projects);
  return { ...chosen, patterns };
}

/** A path that ends in .spec.ts needs no running parts. */
function projectsOf(patterns, projects) {
  return patterns.every((pattern) => pattern.endsWith('.spec.ts')) ? ['unit'] : projects;
}
