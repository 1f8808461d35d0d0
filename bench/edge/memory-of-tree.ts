import { readFile } from 'node:fs/promises';

const KIBIBYTE = 1024;
const MEBIBYTE = KIBIBYTE * KIBIBYTE;

/** MiB of a process and its children, each page that several share counted once (PSS). */
export async function memoryOfTree(pid: number): Promise<number> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').filter(Boolean);
  const each = await Promise.all([pid, ...children.map(Number)].map(proportionalSize));
  return each.reduce((sum, bytes) => sum + bytes, 0) / MEBIBYTE;
}

/** 0 for a process that has just ended. */
async function proportionalSize(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * KIBIBYTE;
}
