import type { Offer } from '../../services.ts';
import type { Refusal } from '../request/form.ts';
import { guessInWords } from '../words/durations.ts';
import { planNeed } from '../words/plans.ts';
import { platformTitle, platformWhat } from '../words/platforms.ts';
import type { WishInForm } from './use-wish.ts';
import './platform-cards.css';

/** What the store runs: native radio buttons that look like cards. One that cannot be had says why. */
export function PlatformCards(props: {
  readonly offer: Pick<Offer, 'platforms' | 'plans'>;
  readonly wish: WishInForm;
  readonly refusal: Refusal | undefined;
}) {
  const { offer, wish, refusal } = props;
  const error = refusal?.errors['platform'];
  return (
    <div>
      <fieldset className="platforms" id="platform" tabIndex={-1} aria-describedby={error && 'platform-error'}>
        <legend>What it runs</legend>
        {error !== undefined && (
          <p className="platforms-error small" id="platform-error">
            {error}
          </p>
        )}
        {offer.platforms.map((platform) => {
          const { name, unavailable, usuallyMs } = platform;
          const need = planNeed(platform, offer.plans);
          return (
            <label key={name} className="platform" data-unavailable={unavailable !== null || undefined}>
              <input
                type="radio"
                name="platform"
                value={name}
                checked={name === wish.platform}
                onChange={() => wish.choosePlatform(name)}
                disabled={unavailable !== null}
                required
              />
              <span className="platform-text">
                <span className="platform-title">{platformTitle(name)}</span>
                <span className="small soft">{unavailable ?? platformWhat(name)}</span>
                {unavailable === null && need !== null && <span className="small platform-need">{need}</span>}
                {unavailable === null && usuallyMs !== null && (
                  <span className="small soft">Usually ready in {guessInWords(usuallyMs)}.</span>
                )}
              </span>
            </label>
          );
        })}
      </fieldset>
      <p className="plan-follows small" role="status">
        {wish.said}
      </p>
    </div>
  );
}
