import { parsePack } from '@goalkeeper/domain';
import type { ToolPlugin } from '../definition';
import filesPack from './files.pack.json';

/** What can be asked about files; it can be done where tools of the names in the pack are installed. */
export const filesPlugin: ToolPlugin = { name: 'files', version: '1.0.0', tools: [], packs: [parsePack(filesPack)] };
