import type { JsonObject } from '@goalkeeper/domain';
import type { ArtifactRef } from '../../definition';
import { plainQuote, type ReportDocument } from './document';
import type { ReportInput } from './report-input';

/** The report for machines: the source it speaks of, how it was read, and every claim. */
export function reportJson(input: ReportInput, document: ReportDocument, files: readonly ArtifactRef[]): JsonObject {
  const { opened, profile, aggregates, charts, book } = input;
  const json = {
    schema: 'goalkeeper.data-report/1',
    title: `Report on ${plainQuote(opened.source.name)}`,
    source: opened.source,
    tolerant: opened.tolerant,
    repairs: opened.repairs,
    rows: profile.rows,
    by: aggregates.by,
    measure: aggregates.measure,
    asked: aggregates.asked ?? null,
    columns: profile.columns.map(({ name, type, role, reading }) => ({
      name,
      type,
      role,
      from: reading.from,
      formats: reading.formats.map(({ format }) => format),
      missingTokens: reading.missingTokens.map(({ token }) => token),
    })),
    sections: document.sections.map(({ id, title }) => ({ id, title })),
    claims: book.list(),
    charts: charts.map(({ id, kind, title, caption, file, sha256, marks, columns, data }) => ({
      id,
      kind,
      title,
      caption,
      file,
      sha256,
      marks,
      columns,
      data,
    })),
    files: files.map(({ name, sha256, sizeBytes, mediaType }) => ({ name, sha256, sizeBytes, mediaType })),
  };
  return JSON.parse(JSON.stringify(json)) as JsonObject;
}
