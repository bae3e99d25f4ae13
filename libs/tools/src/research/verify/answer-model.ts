import { z } from 'zod';

const Ref = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string(),
  mediaType: z.string(),
  sizeBytes: z.number(),
});

/** What the step that wrote the answer gave. */
export const WrittenSchema = z.object({ html: Ref, markdown: Ref, json: Ref, found: z.boolean(), quotes: z.number() });

/** `answer.json` as the verifier reads it. */
export const CheckedAnswerSchema = z.object({
  kind: z.enum(['answer', 'document']),
  question: z.string(),
  found: z.boolean(),
  documents: z.array(
    z.object({ source: z.string(), name: z.string(), sha256: z.string(), kind: z.string(), encoding: z.string() }),
  ),
  sections: z.array(z.object({ title: z.string(), quotes: z.array(z.string()) })),
  quotes: z.array(
    z.object({
      id: z.string(),
      document: z.int(),
      from: z.int(),
      to: z.int(),
      line: z.int(),
      quote: z.string(),
    }),
  ),
});
export type CheckedAnswer = z.output<typeof CheckedAnswerSchema>;
