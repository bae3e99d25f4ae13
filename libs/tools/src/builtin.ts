import { dataPlugin } from './data/plugin';
import type { ToolPlugin } from './definition';

/** The plugins that ship with us. */
export const builtinPlugins: readonly ToolPlugin[] = [dataPlugin];
