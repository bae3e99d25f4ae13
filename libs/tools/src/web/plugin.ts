import { parsePack } from '@goalkeeper/domain';
import type { ToolPlugin } from '../definition';
import webPack from './web.pack.json';

/** What can be asked about pages; it can be done where tools of the names in the pack are installed. */
export const webPlugin: ToolPlugin = { name: 'web', version: '1.0.0', tools: [], packs: [parsePack(webPack)] };
