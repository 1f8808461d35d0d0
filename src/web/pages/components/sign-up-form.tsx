import { Button, PasswordInput, TextInput } from '@mantine/core';
import { Form, Link, useNavigation } from 'react-router';
import type { Offer } from '../../services.ts';
import type { Refusal } from '../request/form.ts';
import type { StartChoices } from '../words/shop-settings.ts';
import { ErrorSummary } from './error-summary.tsx';
import { fieldProps, SHOW_PASSWORD } from './field.ts';
import { NewPasswordField } from './new-password-field.tsx';
import { PlanChoice } from './plan-choice.tsx';
import { PlatformCards } from './platform-cards.tsx';
import { ShopDetails } from './shop-details.tsx';
import { StoreNameField } from './store-name-field.tsx';
import { useWish } from './use-wish.ts';
import './sign-up-form.css';

/** The field in which a customer's form says for whom it was made. */
export const SIGNED_IN_AS = 'signed_in_as';

interface FormOffer extends Offer {
  readonly hostSuffix: string;
  /** The operator's terms; `null` where there are none. */
  readonly termsUrl: string | null;
  /** Of the customer who is signed in; `null` for a guest. */
  readonly email: string | null;
  readonly start: StartChoices;
  readonly idempotencyKey: string;
}

/** Account and store in one form; for a customer, just the store. */
export function SignUpForm({ offer, refusal }: { readonly offer: FormOffer; readonly refusal: Refusal | undefined }) {
  const busy = useNavigation().state !== 'idle';
  const { form, wish } = useWish(offer, refusal);
  return (
    <section className="sign-up">
      <div className="heading">
        <h1>{offer.email === null ? 'Create your store' : 'Add a store'}</h1>
        <p className="soft">
          You see each step happen.{' '}
          {offer.email === null && (
            <>
              Already a customer? <Link to="/login">Log in</Link>.
            </>
          )}
        </p>
      </div>
      <Form ref={form} method="post" className="card stack sign-up-form" aria-label="Create your store">
        <ErrorSummary refusal={refusal} />
        <input
          type="hidden"
          name="idempotency_key"
          value={refusal?.values['idempotency_key'] || offer.idempotencyKey}
          autoComplete="off"
        />
        <StoreNameField refusal={refusal} hostSuffix={offer.hostSuffix} />
        <PlatformCards offer={offer} wish={wish} refusal={refusal} />
        {offer.email === null ? (
          <NewAccount refusal={refusal} />
        ) : (
          <KnownAccount email={offer.email} refusal={refusal} />
        )}
        <PlanChoice offer={offer} wish={wish} refusal={refusal} />
        <ShopDetails choices={offer.start} refusal={refusal} />
        {offer.termsUrl !== null && offer.email === null && <Terms url={offer.termsUrl} refusal={refusal} />}
        <Button type="submit" size="lg" loading={busy}>
          Create my store
        </Button>
        <p className="small soft">
          By creating a store you agree to keep what it sells within the law, and that we may stop a store that harms
          others.
        </p>
      </Form>
    </section>
  );
}

function NewAccount({ refusal }: { readonly refusal: Refusal | undefined }) {
  return (
    <>
      <TextInput
        {...fieldProps('email', refusal)}
        label="E-mail"
        description="We write to you when your store is ready, and when it needs you."
        type="email"
        inputMode="email"
        autoComplete="username"
        required
      />
      <NewPasswordField refusal={refusal} />
    </>
  );
}

function Terms({ url, refusal }: { readonly url: string; readonly refusal: Refusal | undefined }) {
  const error = refusal?.errors['terms'];
  return (
    <div>
      <label className="terms">
        <input
          id="terms"
          name="terms"
          type="checkbox"
          defaultChecked={refusal?.values['terms'] !== undefined}
          aria-describedby={error === undefined ? undefined : 'terms-error'}
          aria-invalid={error !== undefined}
          required
        />
        <span>
          I agree to the{' '}
          <a href={url} target="_blank" rel="noreferrer">
            terms of this platform
          </a>
        </span>
      </label>
      {error !== undefined && (
        <p id="terms-error" className="terms-error small">
          {error}
        </p>
      )}
    </div>
  );
}

function KnownAccount({ email, refusal }: { readonly email: string; readonly refusal: Refusal | undefined }) {
  return (
    <>
      <input type="hidden" name={SIGNED_IN_AS} value={email} autoComplete="off" />
      <PasswordInput
        {...fieldProps('password', refusal)}
        label="Your password"
        description={`The store will be one of yours, ${email}.`}
        autoComplete="current-password"
        visibilityToggleButtonProps={SHOW_PASSWORD}
        required
      />
    </>
  );
}
