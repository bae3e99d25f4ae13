import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { CountingServer, type SystemClient, TestSystem, writeTestPlugin } from '../../libs/testing/src/system';

/** A stack with the test tools, the world outside that they touch, and a client. */
export interface World {
  readonly system: TestSystem;
  readonly far: CountingServer;
  readonly client: SystemClient;
  close(): Promise<void>;
}

/** Starts a world of one test file. */
export async function startWorld(
  env: Readonly<Record<string, string>> = {},
  engineFlags: readonly string[] = [],
): Promise<World> {
  const far = new CountingServer();
  const plugin = mkdtempSync(join(tmpdir(), 'gk-plugin-'));
  const cleanUp = async (): Promise<void> => {
    rmSync(plugin, { recursive: true, force: true });
    await far.close();
  };
  try {
    const url = await far.listen();
    const settings = {
      TEST_FAR_SIDE_URL: url,
      REFERENCE_TOOL_URL: url,
      GK_LEARNING_ARM: 'on', // else a share of the goals would run without what the tests teach
      GK_PLUGIN_DIRS: [writeTestPlugin(plugin), resolve('dist/benchmarks/reference')].join(delimiter),
      ...env,
    };
    const system = await TestSystem.start(settings, engineFlags);
    const close = async (): Promise<void> => {
      await system.close();
      await cleanUp();
    };
    return { system, far, client: await system.client(), close };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

/** The steps of a goal that the world outside has accepted, in the order of their arrival. */
export function marksOf(far: CountingServer, goal: string): readonly number[] {
  return far.accepted.filter((call) => call.goal === goal).map(({ step }) => step);
}

/** The engine asks for a fresh history after so few events. */
export const SHORT_HISTORIES = ['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=60'];

/** Milliseconds that a step waits before its effect, long enough to catch it there. */
export const SLOW_MS = 4_000;
