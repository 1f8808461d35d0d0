import { join } from 'node:path';
import { createLedgerMac } from '../adapters/crypto/ledger-mac.ts';
import { createResealer, createSealer, createSealingKeys } from '../adapters/crypto/seal.ts';
import { createFormerKeysFile } from '../adapters/filesystem/former-keys-file.ts';
import { createLedgerHeadFile } from '../adapters/filesystem/ledger-head-file.ts';
import { toAppError } from '../domain/errors.ts';
import type { FormerMac } from '../ledger/verify-ledger.ts';
import { keysFor, type SecretKeys } from './secret-keys.ts';

const OWNER = 'ledger';

/** The keys and the files that the ledger's chain hangs on; only root's processes have them. */
export function ledgerKeysOf(config: SecretKeys & { readonly dataDir: string }) {
  const folder = join(config.dataDir, 'ledger');
  const [key, former] = keysFor(config, 'ledger');
  const macOf = createLedgerMac(key);
  const headFile = createLedgerHeadFile({
    path: join(folder, 'head.json'),
    macOf,
    formerMacs: former.map(createLedgerMac),
  });
  const file = createFormerKeysFile(join(folder, 'former-keys.json'));
  const sealing = createSealingKeys(...keysFor(config, 'sealed-secrets'));

  /** Those that were kept, and those that are configured and not kept yet. */
  async function formerKeys(): Promise<{ key: Uint8Array; upTo: number; isKept: boolean }[]> {
    const sealer = createSealer(sealing);
    const kept: { key: Uint8Array; upTo: number; isKept: boolean }[] = [];
    for (const { name, upTo, sealed } of await file.read()) {
      kept.push({ key: Buffer.from(await sealer.open(sealed, { owner: OWNER, name }), 'base64'), upTo, isKept: true });
    }
    const isNew = (one: Uint8Array) => kept.every((other) => !Buffer.from(other.key).equals(one));
    // One that nobody has kept may have sealed up to this moment.
    return [
      ...kept,
      ...former.filter(isNew).map((one) => ({ key: one, upTo: Number.POSITIVE_INFINITY, isKept: false })),
    ];
  }

  return {
    macOf,
    headFile,

    /** What sealed the chain before the key of today; none where they do not open: the chain then is not whole. */
    formerMacs: async (): Promise<readonly FormerMac[]> => {
      const keys = await formerKeys().catch((thrown: unknown) => {
        if (toAppError(thrown).code === 'secret_unreadable') return [];
        throw thrown;
      });
      return keys.map(({ key: one, upTo }) => ({ macOf: createLedgerMac(one), upTo }));
    },

    /**
     * Keeps the ledger's former keys, sealed by the key of today, and signs the head anew: afterwards the chain can be
     * told whole without `SECRET_KEY_OLD`. `end` is the last place that is sealed. Returns whether anything was to do.
     */
    async keepFormer(end: number): Promise<boolean> {
      const keys = await formerKeys();
      const head = await headFile.read();
      const reseal = createResealer(sealing);
      const before = await file.read();
      const isCurrent = await Promise.all(
        before.map(async ({ name, sealed }) => !(await reseal(sealed, { owner: OWNER, name }))),
      );
      const isSigned = head === undefined || (await headFile.isCurrent());
      if (keys.every(({ isKept }) => isKept) && isCurrent.every(Boolean) && isSigned) return false;
      const sealer = createSealer(sealing);
      const last = Math.max(end, head?.position ?? 0);
      const entries = await Promise.all(
        keys.map(async ({ key: one, upTo }, index) => {
          const name = `former-${index + 1}`;
          const { text } = await sealer.seal(Buffer.from(one).toString('base64'), { owner: OWNER, name });
          return { name, upTo: Math.min(upTo, last), sealed: text };
        }),
      );
      await file.write(entries);
      // A worker that seals meanwhile writes a later head; its next round puts right what this one has set back.
      if (head !== undefined) await headFile.write(head);
      return true;
    },
  };
}
