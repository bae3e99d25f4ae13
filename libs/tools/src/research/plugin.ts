import { parsePack } from '@goalkeeper/domain';
import type { ToolPlugin } from '../definition';
import { researchDraft } from './draft/draft.tool';
import { researchGather, researchGatherLenient } from './gather/gather.tool';
import researchPack from './research.pack.json';
import { researchReview } from './review/review.tool';
import { answerIsQuoted } from './verify/answer-is-quoted';

/** Answers and documents made of quoted passages, and the verifier of what they quote. */
export const researchPlugin: ToolPlugin = {
  name: 'research',
  version: '1.0.0',
  tools: [researchGather, researchGatherLenient, researchDraft, researchReview],
  verifiers: [answerIsQuoted],
  packs: [parsePack(researchPack)],
};
