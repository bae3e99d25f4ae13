import { readFile } from 'node:fs/promises';
import { plural } from '@goalkeeper/domain';
import { z } from 'zod';
import { ArtifactRefSchema } from '../../data/schemas';
import { type ArtifactRef, defineTool } from '../../definition';
import { ANSWER_KINDS, GatheringSchema } from '../model';
import { renderHtml, renderMarkdown } from './render';
import { writeAnswer } from './write-answer';

export const DraftedSchema = z.object({
  html: ArtifactRefSchema,
  markdown: ArtifactRefSchema,
  json: ArtifactRefSchema,
  found: z.boolean(),
  quotes: z.int(),
  documents: z.int(),
});

/** Writes an answer that consists of quotes with their places; extractive and deterministic, so that nothing is invented. */
export const researchDraft = defineTool({
  name: 'research.draft',
  version: '1.0.0',
  summary: 'Write an answer or a document out of quoted, located passages, or say that they do not hold it.',
  input: z.object({ gathering: ArtifactRefSchema, kind: z.enum(ANSWER_KINDS).default('answer') }),
  output: DraftedSchema,
  effect: 'pure',
  boundMs: 2_000,
  timeoutMs: 30_000,
  costUsd: 0,
  postcondition: (_args, { found, quotes }) => [
    {
      check: 'an answer has quotes, and nothing else does',
      holds: found === quotes > 0,
      seen: plural(quotes, 'quote'),
    },
  ],
  async run({ gathering, kind }, context) {
    const stored = await readFile(await context.artifacts.path(gathering.sha256), 'utf8');
    const answer = writeAnswer(GatheringSchema.parse(JSON.parse(stored)), kind);
    const put = (name: string, mediaType: string, text: string): Promise<ArtifactRef> =>
      context.artifacts.put({ name, mediaType, content: Buffer.from(text) });
    const html = await put('answer.html', 'text/html; charset=utf-8', renderHtml(answer));
    const markdown = await put('answer.md', 'text/markdown; charset=utf-8', renderMarkdown(answer));
    const json = await put('answer.json', 'application/json', JSON.stringify(answer, null, 1));
    const counts = { found: answer.found, quotes: answer.quotes.length, documents: answer.documents.length };
    const read = plural(counts.documents, 'document');
    return {
      output: { html, markdown, json, ...counts },
      artifacts: [html, markdown, json],
      summary: answer.found
        ? `${plural(counts.quotes, 'quote')} from ${read}`
        : `Not found in ${counts.documents === 1 ? 'the document' : `the ${read}`}`,
    };
  },
});
