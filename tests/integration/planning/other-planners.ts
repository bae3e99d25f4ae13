import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Pinned, so that the folder's name says what is in it. */
const PACKAGES = ['pyperplan==2.1', 'unified-planning==1.3.0', 'up-aries==0.5.0', 'setuptools==80.9.0'];
const SET_UP_MS = 240_000;

export interface Question {
  readonly planner: 'pyperplan' | 'aries';
  readonly domain: string;
  readonly problem: string;
}

/** Python with the other planners, in our cache folder; what is missing where it cannot be had. */
export function otherPlanners(): { readonly python: string } | { readonly missing: string } {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'goalkeeper');
  const folder = join(cache, `planners-${PACKAGES.map((one) => one.replace('==', '-')).join('_')}`);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return { python };
  const found = spawnSync('python3', ['--version']);
  if (found.status !== 0) return { missing: 'python3' };
  mkdirSync(cache, { recursive: true });
  const fresh = `${folder}.${process.pid}`;
  try {
    execFileSync('python3', ['-m', 'venv', fresh], { stdio: 'pipe', timeout: SET_UP_MS });
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES];
    execFileSync(join(fresh, 'bin', 'python'), pip, { stdio: 'pipe', timeout: SET_UP_MS });
    renameSync(fresh, folder);
    return { python };
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    const why = error instanceof Error ? error.message : String(error);
    return { missing: `pip with a package index, or the python3 module venv (${why.trim().split('\n').at(-1)})` };
  }
}

/** Answers in the order of the questions: `yes`, `no`, or `unknown: WHY`. */
export function askOthers(python: string, questions: readonly Question[]): readonly string[] {
  const script = join(__dirname, 'other_planners.py');
  const answer = execFileSync(python, [script], { input: JSON.stringify(questions), maxBuffer: 1e7, stdio: 'pipe' });
  const text = answer.toString();
  return JSON.parse(text.slice(text.lastIndexOf('['))) as string[];
}
