import { existsSync } from 'node:fs';
import { createHost } from '../../src/adapters/host/host.ts';
import type { BenchContext } from './benchmark.ts';

/** Installs the packages of Debian's of which the file is not there: what others are compared with, and what asks them. */
export async function havePackages(
  packageOf: Readonly<Record<string, string>>,
  { say, signal }: Pick<BenchContext, 'say' | 'signal'>,
): Promise<void> {
  const missing = Object.entries(packageOf).filter(([file]) => !existsSync(file));
  await createHost({ onProgress: say }).apt.install(
    missing.map(([, name]) => name),
    signal,
  );
}
