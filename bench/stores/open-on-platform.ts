import { startPlatform, type TestPlatform } from '../../test/e2e/platform.ts';
import { type Closer, closeAll } from '../front-door/close-all.ts';
import type { BenchContext, OpenBenchmark } from '../harness/benchmark.ts';

/**
 * A benchmark on a platform of its own, on the lane of the benches. `openCases` adds to `closers` what it opens; all of
 * it ends with the benchmark, also where opening fails midway.
 */
export async function openOnPlatform(
  context: BenchContext,
  openCases: (
    platform: TestPlatform,
    context: BenchContext,
    closers: Closer[],
  ) => Promise<Omit<OpenBenchmark, 'close'>>,
  settings: Readonly<Record<string, string>> = {},
): Promise<OpenBenchmark> {
  context.say('starting a platform of its own');
  const platform = await startPlatform(6, settings);
  const closers: Closer[] = [() => platform.destroy()];
  try {
    return { ...(await openCases(platform, context, closers)), close: () => closeAll(closers) };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}
