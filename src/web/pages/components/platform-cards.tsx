import type { PlatformOffer } from '../../services.ts';
import type { Refusal } from '../request/form.ts';
import { guessInWords } from '../words/durations.ts';
import { PLATFORM_TEXTS } from '../words/platforms.ts';
import './platform-cards.css';

/** What the store runs: native radio buttons that look like cards. One that cannot be had says why. */
export function PlatformCards(props: {
  readonly platforms: readonly PlatformOffer[];
  readonly refusal: Refusal | undefined;
}) {
  const { refusal, platforms } = props;
  const chosen = refusal?.values['platform'] || platforms.find(({ unavailable }) => unavailable === null)?.name;
  const error = refusal?.errors['platform'];
  return (
    <fieldset className="platforms" id="platform" tabIndex={-1} aria-describedby={error && 'platform-error'}>
      <legend>What it runs</legend>
      {error !== undefined && (
        <p className="platforms-error small" id="platform-error">
          {error}
        </p>
      )}
      {platforms.map(({ name, unavailable, usuallyMs }) => (
        <label key={name} className="platform" data-unavailable={unavailable !== null || undefined}>
          <input
            type="radio"
            name="platform"
            value={name}
            defaultChecked={name === chosen && unavailable === null}
            disabled={unavailable !== null}
            required
          />
          <span className="platform-text">
            <span className="platform-title">{PLATFORM_TEXTS[name].title}</span>
            <span className="small soft">{unavailable ?? PLATFORM_TEXTS[name].what}</span>
            {unavailable === null && usuallyMs !== null && (
              <span className="small soft">Usually ready in {guessInWords(usuallyMs)}.</span>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
