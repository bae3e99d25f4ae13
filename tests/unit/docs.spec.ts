import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { envVariables } from '../../libs/platform/src/config/env-example';

const root = resolve(__dirname, '../..');
const SKIPPED = new Set(['node_modules', 'dist', 'coverage', '.git', '.goalkeeper']);

function markdownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : markdownFiles(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

const pages = markdownFiles(root).map((path) => ({ name: relative(root, path), text: readFileSync(path, 'utf8') }));
const page = (name: string): string => pages.find((candidate) => candidate.name === name)?.text ?? '';

/** The cells of every table row of a page, without the row of dashes. */
function tableRows(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.startsWith('|') && !/^\|[\s|:-]+\|$/.test(line));
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}

/** Relative targets of links and pictures, outside of code. */
function linksOf(text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)|<img[^>]*\ssrc="([^"]+)"/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  return targets.filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

/** Anchors as they are made from headings: small letters, dashes for spaces, no other signs. */
function anchorsOf(text: string): string[] {
  const headings = [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)];
  return headings.map(([, heading]) =>
    (heading ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

/** Names in backquotes that look like places of this repository. */
function pathsIn(text: string): string[] {
  const quoted = [...text.matchAll(/`([^`\s]+)`/g)].map(([, inner]) => inner ?? '');
  const rooms = /^(apps|libs|tests|scripts|temporal|deploy|benchmarks|docs)\//;
  return quoted.filter((name) => rooms.test(name) && !/[*{<…]/.test(name));
}

const exists = (path: string): boolean => existsSync(resolve(root, path));

describe('the pages', () => {
  it('are found', () => {
    expect(pages.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/architecture-map.md']),
    );
  });

  it('link to files and headings that exist', () => {
    const broken = pages.flatMap(({ name, text }) =>
      linksOf(text)
        .filter((target) => {
          const [file = '', anchor] = target.split('#');
          const path = file === '' ? name : join(dirname(name), file);
          if (!exists(path)) return true;
          return anchor !== undefined && !anchorsOf(readFileSync(resolve(root, path), 'utf8')).includes(anchor);
        })
        .map((target) => `${name}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('name files and folders that exist', () => {
    const missing = pages.flatMap(({ name, text }) =>
      pathsIn(text)
        .filter((path) => !exists(path))
        .map((path) => `${name}: ${path}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('docs/architecture-map.md', () => {
  const rows = tableRows(page('docs/architecture-map.md')).filter(([first]) => first !== 'Box or arrow');

  it('has a module and a test, or "not yet", for every box and arrow', () => {
    expect(rows.length).toBeGreaterThan(80);
    const incomplete = rows.filter(([, module = '', test = '']) => {
      if (/not yet/.test(module)) return false;
      return pathsIn(module).length === 0 || (pathsIn(test).length === 0 && !/not yet/.test(test));
    });
    expect(incomplete).toEqual([]);
  });

  it('names tests that are tests', () => {
    const named = rows.flatMap(([, , test = '']) => pathsIn(test));
    expect(
      named.filter((path) => !/\.(spec|itest)\.ts$|\.test\.mjs$|^scripts\/check-compose\.mjs$/.test(path)),
    ).toEqual([]);
  });
});

describe('docs/dependencies.md', () => {
  it('says of every dependency why it is there, and of no other', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, object | undefined>;
    const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'];
    const wanted = kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}));
    const rows = tableRows(page('docs/dependencies.md')).filter(([name]) => name?.startsWith('`'));
    expect(rows.map(([name = '']) => name.replaceAll('`', '')).sort()).toEqual([...wanted].sort());
    expect(rows.filter(([, why = '']) => why.length < 12)).toEqual([]);
  });
});

describe('docs/run.md', () => {
  it('has every environment variable as the schema has it', () => {
    const rows = tableRows(page('docs/run.md')).filter(([name]) => /^`[A-Z_]+`$/.test(name ?? ''));
    const readBy = { both: 'both', api: 'API', worker: 'worker' } as const;
    const wanted = envVariables().map(({ name, readBy: reader, isRequired, defaultText, description }) => [
      `\`${name}\``,
      readBy[reader],
      isRequired ? 'required' : defaultText === '' ? '' : `\`${defaultText}\``,
      description,
    ]);
    expect(rows).toEqual(wanted);
  });
});

describe('docs/understand.md', () => {
  it('has the table of layers that the linter holds', () => {
    const config = jest.requireActual<{ forbidden: { name: string; comment?: string }[] }>(
      join(root, '.dependency-cruiser.cjs'),
    );
    const rules = config.forbidden.filter(({ name }) => /^(lib|app)-/.test(name) && !name.endsWith('-packages'));
    const wanted = rules.map(({ comment = '' }) => {
      const [, room = '', list = ''] = /^(\S+) may import (.+) of ours$/.exec(comment) ?? [];
      return [`\`${room}\``, list];
    });
    const rows = tableRows(page('docs/understand.md'))
      .filter(([room]) => /^`(libs|apps)\//.test(room ?? ''))
      .map(([room, list]) => [room, list]);
    expect(rows).toEqual(wanted);
  });
});
