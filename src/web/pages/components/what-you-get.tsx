import { Icon, type IconName } from './icon.tsx';
import './what-you-get.css';

interface Thing {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
}

/** What is true today, and nothing else. */
const THINGS: readonly Thing[] = [
  {
    icon: 'box',
    title: 'Containers of its own',
    text: 'Web, database and cache run for your store alone, walled off from every other.',
  },
  {
    icon: 'lock',
    title: 'HTTPS from the first visit',
    text: 'The certificate is there before the door opens, and is renewed without you.',
  },
  {
    icon: 'key',
    title: 'Your keys, only yours',
    text: 'Strong passwords, kept sealed. Look at them in your dashboard; no mail ever carries them.',
  },
];

/** The promises, each in a sentence, and the way from the form to the store. */
export function WhatYouGet(props: {
  readonly hostSuffix: string;
  /** Those that can be had, in words; `null` while none can. */
  readonly platforms: string | null;
}) {
  const { hostSuffix, platforms } = props;
  const shop: Thing = {
    icon: 'check',
    title: 'A shop that works',
    text: `${platforms ?? 'A whole shop'}, installed and ready to log in. No wizard left for strangers to finish.`,
  };
  return (
    <>
      <section aria-labelledby="get-title">
        <h2 id="get-title" className="landing-title">
          What you get
        </h2>
        <ul className="things" role="list">
          {[shop, ...THINGS].map(({ icon, title, text }) => (
            <li key={title}>
              <span className="thing-icon">
                <Icon name={icon} />
              </span>
              <h3>{title}</h3>
              <p className="soft">{text}</p>
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="way-title">
        <h2 id="way-title" className="landing-title">
          How it goes
        </h2>
        <ol className="way" role="list">
          <li>
            <h3>One form</h3>
            <p className="soft">
              E-mail, password, and a name: <code>your-name{hostSuffix}</code> is yours at once.
            </p>
          </li>
          <li>
            <h3>Ten steps</h3>
            <p className="soft">You see each one happen. Close the page if you like: we write when it is done.</p>
          </li>
          <li>
            <h3>Walk in</h3>
            <p className="soft">Visit the store, open the administration, add the first product.</p>
          </li>
        </ol>
      </section>
    </>
  );
}
