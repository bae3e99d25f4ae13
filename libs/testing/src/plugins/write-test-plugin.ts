import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { transformFileSync } from '@swc/core';
import { testPack } from './test-pack';

/** Writes the plug-in with the test tools into a folder, compiled against the built tools in `dist/`; returns the folder. */
export function writeTestPlugin(dir: string): string {
  mkdirSync(dir, { recursive: true });
  const { code } = transformFileSync(join(__dirname, 'test-tools.ts'), {
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  const linked = code
    .replaceAll('"@goalkeeper/tools"', JSON.stringify(resolve('dist/libs/tools/src/index.js')))
    .replaceAll('"zod"', JSON.stringify(require.resolve('zod')));
  writeFileSync(join(dir, 'index.js'), linked);
  writeFileSync(join(dir, 'test.pack.json'), JSON.stringify(testPack));
  const manifest = { name: 'test-tools', version: '1.0.0', main: './index.js', packs: ['test.pack.json'] };
  writeFileSync(join(dir, 'plugin.json'), JSON.stringify(manifest));
  return dir;
}
