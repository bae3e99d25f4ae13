import { readFile } from 'node:fs/promises';
import { plural } from '@goalkeeper/domain';
import { z } from 'zod';
import { ArtifactRefSchema } from '../../data/schemas';
import { defineTool, ToolFailure } from '../../definition';
import { startJob } from '../jobs/start';
import { AnswerSchema } from '../model';

export const ReviewedSchema = z.object({ quotes: z.int(), documents: z.int(), approved: z.boolean() });

/** Reads the documents again and looks for every quote at its place; a draft with one that is not there is refused. */
export const researchReview = defineTool({
  name: 'research.review',
  version: '1.0.0',
  summary: 'Check that every quote of a draft stands literally at its place in an unchanged document.',
  input: z.object({ json: ArtifactRefSchema }),
  output: ReviewedSchema,
  effect: 'pure',
  boundMs: 30_000,
  timeoutMs: 300_000,
  costUsd: 0,
  postcondition: (_args, { approved, quotes }) => [
    { check: 'every quote stands at its place', holds: approved, seen: plural(quotes, 'quote') },
  ],
  async run({ json }, context) {
    const path = await context.artifacts.path(json.sha256);
    const answer = AnswerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
    const wanted = [...new Set(answer.quotes.map(({ document }) => document))];
    const documents = await Promise.all(
      wanted.map(async (index) => {
        const document = answer.documents[index];
        if (!document)
          throw new ToolFailure('research.quote_missing', `The draft quotes a document that it does not list.`);
        const { path: file } = await context.sources.resolve(document.source);
        return { index, path: file, name: document.name, sha256: document.sha256 };
      }),
    );
    await startJob('review', { documents, quotes: answer.quotes }, context);
    const counts = { quotes: answer.quotes.length, documents: documents.length };
    const where = plural(counts.documents, 'document');
    const summary =
      counts.quotes > 0 ? `${plural(counts.quotes, 'quote')} found at their places in ${where}` : 'Nothing was quoted';
    return { output: { ...counts, approved: true }, summary };
  },
});
