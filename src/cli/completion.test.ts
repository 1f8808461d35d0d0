import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { shopctl } from '../../test/fakes/shopctl.ts';

/** What bash would offer behind these words, the last of which is being typed. */
async function offeredBehind(...words: readonly string[]): Promise<string[]> {
  const { stdout: script } = await shopctl(['completion', 'bash']);
  const line = ['shopctl', ...words];
  const typed = `${script}
COMP_WORDS=("$@"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _shopctl; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)('/bin/bash', ['--norc', '-c', typed, 'bash', ...line]);
  return stdout.split('\n').filter((word) => word !== '');
}

describe('completion', () => {
  it('offers commands, then those of a group, then options, and what begins with what is typed', async () => {
    expect(await offeredBehind('')).toEqual(
      expect.arrayContaining(['up', 'store', 'customer', 'completion', '--json']),
    );
    expect(await offeredBehind('store', 'de')).toEqual(['delete']);
    expect(await offeredBehind('store', 'delete', 'demo', '--')).toEqual(
      expect.arrayContaining(['--yes', '--dry-run', '--wait', '--json', '--help']),
    );
    expect(await offeredBehind('--json', 'customer', 'l')).toEqual(['list', 'lock']);
  });

  it('takes nothing for a command that stands behind something else', async () => {
    expect(await offeredBehind('store', 'show', 'delete', '--')).not.toContain('--dry-run');
    expect(await offeredBehind('no-such-group', 'd')).not.toContain('delete');
  });

  it('is made for both shells without opening anything, and for no other', async () => {
    const zsh = await shopctl(['completion', 'zsh']);
    expect([zsh.code, zsh.opened, zsh.stdout.startsWith('#compdef shopctl\n')]).toEqual([0, 0, true]);
    expect((await shopctl(['completion', 'fish'])).code).toBe(2);
    expect((await shopctl(['completion'])).code).toBe(2);
  });
});
