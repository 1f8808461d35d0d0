import darkUrl from '../pictures/store-dark.webp?url';
import lightUrl from '../pictures/store-light.webp?url';
import './store-picture.css';

const PICTURES = [
  { scheme: 'light', url: lightUrl },
  { scheme: 'dark', url: darkUrl },
] as const;
/** In which they are taken (`npm run pictures`). */
const [WIDTH, HEIGHT] = [1100, 700];

/** A store's own page as it is, in the colours that the reader has: with scripts the other one is never fetched. */
export function StorePicture() {
  return (
    <section aria-labelledby="picture-title">
      <h2 id="picture-title" className="landing-title">
        What you look after it with
      </h2>
      {PICTURES.map(({ scheme, url }) => (
        <img
          key={scheme}
          className="store-picture"
          data-scheme={scheme}
          src={url}
          width={WIDTH}
          height={HEIGHT}
          loading="lazy"
          decoding="async"
          alt="The page of a store: it is open and healthy; below, its address, its plan, and tabs for domains, logs, access, activity and settings."
        />
      ))}
    </section>
  );
}
