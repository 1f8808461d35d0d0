import { Button, NativeSelect } from '@mantine/core';
import { Form, useNavigation } from 'react-router';
import { PHP_LIMIT_NAMES, type PhpChoice, type PhpLimitName } from '../../../domain/php-limits.ts';
import type { StoreView } from '../../../stores/present-store.ts';
import type { ShopSettingsView } from '../../services/settings.ts';
import type { Refusal } from '../request/form.ts';
import { isUnderWay } from '../words/changes.ts';
import { fieldProps } from './field.ts';
import './settings-section.css';

const WORDS: Readonly<Record<PhpLimitName, { readonly label: string; readonly inWords: (value: number) => string }>> = {
  phpUpload: { label: 'Largest upload', inWords: (mb) => `${mb} MB` },
  phpMemory: { label: 'Memory for one request', inWords: (mb) => `${mb} MB` },
  phpSeconds: { label: 'Longest request', inWords: (seconds) => `${seconds} seconds` },
  phpInputVars: { label: 'Fields in one form', inWords: (count) => count.toLocaleString('en') },
};

/** What owners come for stands first. */
const ORDER: readonly PhpLimitName[] = ['phpUpload', ...PHP_LIMIT_NAMES.filter((name) => name !== 'phpUpload')];

/** What one request to the shop may take, within its plan; where the shop is too old to be told, that. */
export function PhpLimitsSection(props: {
  readonly store: StoreView;
  readonly settings: ShopSettingsView;
  readonly refusal: Refusal | undefined;
}) {
  const { store, settings, refusal } = props;
  const now = settings.now?.php ?? null;
  const busy = useNavigation().state !== 'idle' || (store.run?.kind === 'configure' && isUnderWay(store.run));
  return (
    <section className="card stack" aria-labelledby="php-limits-title">
      <h2 id="php-limits-title">Uploads and requests</h2>
      {now === null ? (
        <p className="soft">
          This shop was made before these could be set. The largest upload, and what one request may take, stay as they
          are; a store that you make anew has them here.
        </p>
      ) : (
        <>
          <p className="soft">
            What one request to your shop may take: for large pictures, imports and long forms. It is set while the shop
            is open; who is in it just then may wait for some seconds.{' '}
            {`With more memory for each, fewer are answered at once: ${now.phpWorkers} now.`}
          </p>
          <Form method="post" className="stack">
            <input type="hidden" name="section" value="php" />
            <div className="settings-fields">
              {ORDER.map((name) => (
                <NativeSelect
                  key={`${name} ${now[name]}`}
                  label={WORDS[name].label}
                  data={optionsOf(name, settings.phpChoices[name], now[name])}
                  defaultValue={String(now[name])}
                  {...fieldProps(name, refusal)}
                />
              ))}
            </div>
            {store.status === 'active' ? (
              <div>
                <Button type="submit" loading={busy}>
                  Save these limits
                </Button>
              </div>
            ) : (
              <p className="small soft">They can be changed while the store is open.</p>
            )}
          </Form>
        </>
      )}
    </section>
  );
}

/** What holds now is among them, whatever it is. */
function optionsOf(name: PhpLimitName, choices: readonly PhpChoice[], now: number) {
  const all = choices.some(({ value }) => value === now) ? choices : [{ value: now, plan: null }, ...choices];
  return all.map(({ value, plan }) => ({
    value: String(value),
    label: plan === null ? WORDS[name].inWords(value) : `${WORDS[name].inWords(value)}, with the plan ${plan}`,
    disabled: plan !== null,
  }));
}
