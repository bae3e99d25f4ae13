import { parsePack } from '@goalkeeper/domain';
import type { ToolPlugin } from '../definition';
import dataPack from './data.pack.json';
import { dataTools } from './tools';
import { dataVerifiers } from './verify/verifiers';

/** The built-in tools for tables, the pack that plans with them and the verifier of what they report. */
export const dataPlugin: ToolPlugin = {
  name: 'data',
  version: '1.0.0',
  tools: dataTools,
  verifiers: dataVerifiers,
  packs: [parsePack(dataPack)],
};
