import { parsePack } from '@goalkeeper/domain';
import type { ToolPlugin } from '../definition';
import codePack from './code.pack.json';

/** What can be asked about programs; it can be done where tools of the names in the pack are installed. */
export const codePlugin: ToolPlugin = { name: 'code', version: '1.0.0', tools: [], packs: [parsePack(codePack)] };
