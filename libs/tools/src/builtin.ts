import { codePlugin } from './code/plugin';
import { dataPlugin } from './data/plugin';
import type { ToolPlugin } from './definition';
import { filesPlugin } from './files/plugin';
import { researchPlugin } from './research/plugin';
import { servicePlugin } from './service/plugin';
import { webPlugin } from './web/plugin';

/** The plugins that ship with us. Those without tools of their own bring packs that wait for tools of others. */
export const builtinPlugins: readonly ToolPlugin[] = [
  dataPlugin,
  researchPlugin,
  webPlugin,
  filesPlugin,
  codePlugin,
  servicePlugin,
];
