import { readFile } from 'node:fs/promises';
import { type Evidence, plural } from '@goalkeeper/domain';
import type { ArtifactRef, VerifierContext } from '../../definition';
import { hashFile } from './read-source';
import type { CheckedReport } from './report-model';
import { checkXml } from './xml';

const LEAST_BYTES: Readonly<Record<string, number>> = {
  'report.html': 3000,
  'report.md': 500,
  'report.json': 800,
  svg: 1000,
};

/** The text of a stored file, or null with evidence when it is missing or not what its name says. */
export async function readStored(
  ref: ArtifactRef,
  context: VerifierContext,
  evidence: Evidence[],
): Promise<string | null> {
  const check = `${ref.name} is there, whole and of some size`;
  const path = await context.artifacts.path(ref.sha256).catch(() => null);
  const sha256 = path === null ? null : await hashFile(path).catch(() => null);
  if (path === null || sha256 === null) {
    evidence.push({ check, holds: false, seen: 'it is missing' });
    return null;
  }
  const bytes = await readFile(path);
  const least = LEAST_BYTES[ref.name] ?? LEAST_BYTES.svg ?? 0;
  const holds = sha256 === ref.sha256 && bytes.length >= least;
  evidence.push({
    check,
    holds,
    seen: sha256 === ref.sha256 ? plural(bytes.length, 'byte') : 'its content has another hash',
  });
  return holds ? bytes.toString('utf8') : null;
}

/** Every file that the report names is stored, listed for the client, and a chart is a drawing with its marks. */
export async function checkFiles(report: CheckedReport, html: string, context: VerifierContext): Promise<Evidence[]> {
  const evidence: Evidence[] = [];
  for (const file of report.files) {
    const isListed = context.produced.some(({ sha256, name }) => sha256 === file.sha256 && name === file.name);
    if (!isListed) evidence.push({ check: `${file.name} is listed for the client`, holds: false, seen: 'it is not' });
  }
  for (const chart of report.charts) evidence.push(...(await checkChart(chart, report, html, context)));
  return evidence;
}

async function checkChart(
  chart: CheckedReport['charts'][number],
  report: CheckedReport,
  html: string,
  context: VerifierContext,
): Promise<Evidence[]> {
  const evidence: Evidence[] = [];
  const file = report.files.find(({ name, sha256 }) => name === chart.file && sha256 === chart.sha256);
  const about = { sha256: chart.sha256, name: chart.file, mediaType: 'image/svg+xml', sizeBytes: file?.sizeBytes ?? 0 };
  const svg = file ? await readStored(about, context, evidence) : null;
  if (!file) evidence.push({ check: `${chart.file} is one of the report's files`, holds: false, seen: 'it is not' });
  if (svg === null) return evidence;
  const { problem, root, marks, active } = checkXml(svg);
  const isWhole = problem === null && root === 'svg';
  evidence.push(
    { check: `${chart.file} is well-formed SVG`, holds: isWhole, seen: problem ?? `root ${root}` },
    {
      check: `${chart.file} draws all its marks`,
      holds: marks === chart.marks && marks > 0,
      seen: `${marks} of ${chart.marks}`,
    },
    {
      check: `${chart.file} runs nothing and loads nothing`,
      holds: active.length === 0,
      seen: active[0] ?? 'nothing active',
    },
    {
      check: `${chart.file} stands on the page`,
      holds: html.includes(svg.trim()),
      seen: html.includes(svg.trim()) ? 'as it is' : 'not, or altered',
    },
  );
  return evidence;
}
