import { parsePack } from '@goalkeeper/domain';
import type { ToolPlugin } from '../definition';
import servicePack from './service.pack.json';

/** What can be asked about services; it can be done where tools of the names in the pack are installed. */
export const servicePlugin: ToolPlugin = {
  name: 'service',
  version: '1.0.0',
  tools: [],
  packs: [parsePack(servicePack)],
};
