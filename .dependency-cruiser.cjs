/** The table of layers (docs/understand.md): what each room may import. `npm run lint:layers` fails on a breach. */
const libs = {
  domain: [],
  contracts: ['domain'],
  workflows: ['domain'],
  tools: ['domain'],
  persistence: ['domain'],
  platform: ['domain'],
  sdk: ['contracts'],
  activities: ['domain', 'workflows', 'tools', 'persistence', 'platform'],
};
const apps = {
  api: ['domain', 'contracts', 'workflows', 'persistence', 'platform'],
  worker: ['domain', 'workflows', 'activities', 'tools', 'persistence', 'platform'],
  cli: ['contracts', 'sdk', 'domain'],
};
const outside = {
  domain: [],
  contracts: ['zod'],
  workflows: ['@temporalio/workflow', '@temporalio/common'],
  tools: ['zod', '@duckdb/node-api', 'vega', 'vega-lite', 'iconv-lite'],
  persistence: ['typeorm', 'pg'],
  platform: ['zod', 'pino', 'redis', '@temporalio/client', '@temporalio/common', 'protobufjs'],
  sdk: ['eventsource-parser'],
  activities: ['@temporalio/activity', '@temporalio/common', 'zod'],
};
const test = '(\\.(spec|itest)\\.ts$)';
const room = (kind, name) => `^${kind}/${name}/src/`;
const allowed = (kind, name, list) => [room(kind, name), ...list.map((lib) => room('libs', lib))];

const internal = (kind, table) =>
  Object.entries(table).map(([name, list]) => ({
    name: `${kind === 'libs' ? 'lib' : 'app'}-${name}`,
    comment: `${kind}/${name} may import ${list.length ? list.join(', ') : 'nothing'} of ours`,
    severity: 'error',
    from: { path: room(kind, name), pathNot: test },
    to: { path: '^(apps|libs|tests|benchmarks)/', pathNot: allowed(kind, name, list) },
  }));

const external = Object.entries(outside).map(([name, list]) => ({
  name: `lib-${name}-packages`,
  comment: `libs/${name} may use ${list.length ? list.join(', ') : 'no package'}`,
  severity: 'error',
  from: { path: room('libs', name), pathNot: test },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
    pathNot: list.map((pkg) => `node_modules/${pkg}(/|$)`),
  },
}));

module.exports = {
  forbidden: [
    ...internal('libs', libs),
    ...internal('apps', apps),
    ...external,
    {
      name: 'pure-core',
      comment: 'libs/domain and libs/workflows touch nothing of Node: the sandbox and the tests depend on it',
      severity: 'error',
      from: { path: '^libs/(domain|workflows)/src/', pathNot: test },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'activities-see-ports-only',
      comment: 'activities take the types of the ports from libs/workflows, never its workflow code',
      severity: 'error',
      from: { path: '^(libs/activities|apps/api)/src/', pathNot: test },
      to: { path: '^libs/workflows/src/', pathNot: '^libs/workflows/src/(ports|client)\\.ts$' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'testing-stays-in-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/testing/', test] },
      to: { path: '^libs/testing/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^dist/|node_modules/.*/node_modules)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
