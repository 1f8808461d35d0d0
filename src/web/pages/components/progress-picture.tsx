import { Icon, type IconName } from './icon.tsx';
import './progress-picture.css';

const LINES: readonly {
  readonly title: string;
  readonly word: string;
  readonly icon: IconName;
  readonly status: string;
}[] = [
  { title: 'Making strong passwords', word: '0.2 s', icon: 'check', status: 'done' },
  { title: 'Starting your shop', word: '8 s', icon: 'check', status: 'done' },
  { title: 'Installing your shop', word: '12 s', icon: 'check', status: 'done' },
  { title: 'Locking it with HTTPS', word: 'Running', icon: 'running', status: 'running' },
  { title: 'Putting your keys away safely', word: 'Waiting', icon: 'waiting', status: 'waiting' },
  { title: 'Switching on the lights', word: 'Waiting', icon: 'waiting', status: 'waiting' },
];

/** How the making of a store looks, as a picture: the page itself in small. Nothing in it can be pressed. */
export function ProgressPicture({ hostSuffix }: { readonly hostSuffix: string }) {
  return (
    <figure
      className="picture"
      role="img"
      aria-label="A store in the making: six of ten steps done, HTTPS is being set up."
    >
      <div aria-hidden="true">
        <p className="picture-bar">
          <span />
          <span />
          <span />
          <code>flowers{hostSuffix}</code>
        </p>
        <div className="picture-body">
          <p className="picture-title">Making flowers</p>
          <p className="picture-tally">
            {Array.from({ length: 10 }, (_, at) => (
              <span key={at} data-done={at < 6 || undefined} data-next={at === 6 || undefined} />
            ))}
          </p>
          <ul>
            {LINES.map(({ title, word, icon, status }) => (
              <li key={title} data-status={status}>
                <Icon name={icon} />
                <span>{title}</span>
                <span className="picture-word">{word}</span>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </figure>
  );
}
