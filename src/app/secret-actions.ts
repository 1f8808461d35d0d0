import { createResealer, createSealingKeys } from '../adapters/crypto/seal.ts';
import { createWebhookSecretResealer } from '../adapters/crypto/webhook-secrets.ts';
import { operatorName } from '../adapters/process/operator-name.ts';
import type { SecretActions } from '../cli/secret-actions.ts';
import type { Config } from '../config/config.ts';
import { originOfOperator } from '../domain/origin.ts';
import { resealSecrets, type SealedPart } from '../operating/reseal-secrets.ts';
import type { Adapters } from './adapters.ts';
import { ledgerKeysOf } from './ledger-keys.ts';
import { keysFor } from './secret-keys.ts';

type Resealing = {
  readonly config: Pick<Config, 'secretKey' | 'formerSecretKeys' | 'dataDir'>;
  readonly repositories: Pick<Adapters['repositories'], 'sealedRows' | 'ledgerSeals' | 'audit'>;
};

/** `shopctl secrets reseal` */
export function createSecretActions(opened: () => Resealing): SecretActions {
  return {
    async resealSecrets(progress) {
      const { config, repositories } = opened();
      const parts = await resealSecrets(sealedPartsOf({ config, repositories }), progress);
      const end = (await repositories.ledgerSeals.head())?.position ?? 0;
      const isLedgerChanged = await ledgerKeysOf(config).keepFormer(end);
      const sum = (count: 'resealed' | 'left') => parts.reduce((all, part) => all + part[count], 0);
      const view = { parts, resealed: sum('resealed'), left: sum('left') };
      if (view.resealed > 0 || isLedgerChanged) {
        await repositories.audit.append({
          ...originOfOperator(operatorName()),
          action: 'secrets.resealed',
          target: 'platform',
          details: { resealed: view.resealed, left: view.left },
          at: new Date(),
        });
      }
      return view;
    },
  };
}

function sealedPartsOf({ config, repositories: { sealedRows } }: Resealing): SealedPart[] {
  const ofWebhook = createWebhookSecretResealer(...keysFor(config, 'webhooks'));
  const webhook = async (row: { readonly owner: string; readonly sealed: string }) => {
    const text = await ofWebhook(row.sealed, row.owner);
    // Its rows do not name their key: the public half that sealed them has none.
    return text === undefined ? undefined : { keyId: '', text };
  };
  const named = (purpose: 'sealed-secrets' | 'totp') => {
    const reseal = createResealer(createSealingKeys(...keysFor(config, purpose)));
    return (row: Parameters<SealedPart['reseal']>[0]) => reseal(row.sealed, row);
  };
  return [
    { what: 'secrets of stores', ...sealedRows.ofStores, reseal: named('sealed-secrets') },
    { what: 'authenticator apps', ...sealedRows.ofApps, reseal: named('totp') },
    { what: 'webhooks', ...sealedRows.ofWebhooks, reseal: webhook },
    { what: 'webhooks, secrets before', ...sealedRows.ofWebhooksBefore, reseal: webhook },
  ];
}
