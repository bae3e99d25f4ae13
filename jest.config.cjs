const ts = require('typescript');

const { paths } = ts.readConfigFile('./tsconfig.json', ts.sys.readFile).config.compilerOptions;
const alias = Object.fromEntries(
  Object.entries(paths).map(([name, [file]]) => [`^${name}$`, `<rootDir>/${file.slice(2)}`]),
);
const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2023',
      keepClassNames: true,
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'commonjs' },
  },
];
const project = (displayName, testMatch, extra = {}) => ({
  displayName,
  testMatch,
  testEnvironment: 'node',
  moduleNameMapper: alias,
  transform: { '^.+\\.ts$': swc },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  ...extra,
});

/** Three groups: `unit` needs nothing, `integration` the real parts of one room, `system` the whole running stack. */
module.exports = {
  projects: [
    project('unit', ['<rootDir>/{apps,libs}/**/*.spec.ts', '<rootDir>/tests/unit/**/*.spec.ts']),
    project('integration', ['<rootDir>/{apps,libs}/**/*.itest.ts', '<rootDir>/tests/integration/**/*.itest.ts']),
    project('system', ['<rootDir>/tests/{e2e,chaos,replay}/**/*.itest.ts']),
  ],
};
