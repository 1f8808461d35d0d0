/**
 * A little shopfront in six moods, 240 × 170. Colours are classes of the page, so that they follow light and dark.
 */

const ground = '<rect class="ground" x="18" y="148" width="204" height="5" rx="2.5"/>';

/** Six stripes with round ends, like a market's. `isDone` says which of them hang already. */
function awning(isDone: (stripe: number) => boolean = () => true): string {
  const stripes = Array.from({ length: 6 }, (_, index) => {
    const x = 48 + index * 24;
    const shape = `M${x} 50h24v20a12 10 0 0 1-24 0z`;
    if (!isDone(index)) return `<path class="ln th dash ft" d="${shape}"/>`;
    return `<path class="${index % 2 === 0 ? 'accent' : 'wall'}" d="${shape}"/><path class="ln" d="${shape}"/>`;
  });
  return stripes.join('');
}

const roof = '<rect class="ink" x="44" y="42" width="152" height="9" rx="3"/>';
const wall = '<path class="wall" d="M58 66h124v82H58z"/><path class="ln" d="M58 66v82M182 66v82"/>';
const door =
  '<rect class="door" x="140" y="92" width="28" height="56" rx="2"/><rect class="ln" x="140" y="92" width="28" height="56" rx="2"/><circle class="ink" cx="162" cy="121" r="2"/>';

function shopWindow(glass: string): string {
  return `<rect class="${glass}" x="72" y="92" width="54" height="36" rx="2"/><rect class="ln" x="72" y="92" width="54" height="36" rx="2"/><path class="ln th" d="M99 92v36"/><path class="ln" d="M68 133h62"/>`;
}

const plants =
  '<path class="ln th" d="M34 148v-13M34 141c-5 0-8-3-8-7 5 0 8 3 8 7zM34 137c5 0 8-3 8-7-5 0-8 3-8 7z"/><path class="ln th" d="M205 148v-10M205 143c-4 0-7-3-7-6 4 0 7 3 7 6zM205 140c4 0 7-3 7-6-4 0-7 3-7 6z"/>';

function svg(inner: string): string {
  return `<svg viewBox="0 0 240 170" xmlns="http://www.w3.org/2000/svg">${inner}</svg>`;
}

/** A lot with room for a shop, and a signpost. */
export const emptyLot = svg(
  `${ground}<path class="ln th dash ft" d="M84 148V76h112v72M76 76h128l-8-18H84z"/>` +
    '<path class="ln" d="M54 148V66"/><path class="pale" d="M34 70h42l10 9-10 9H34z"/><path class="ln" d="M34 70h42l10 9-10 9H34z"/>' +
    '<path class="accent" d="M74 94H38l-9 8 9 8h36z"/><path class="ln" d="M74 94H38l-9 8 9 8h36z"/>' +
    '<path class="ln th" d="M112 148c0-5-3-8-3-8m3 8c0-6 3-10 3-10m-3 10v-7M166 148c0-5-3-8-3-8m3 8c0-6 3-10 3-10m-3 10v-7"/>',
);

/** Half of the awning hangs, the rest is drawn on paper. */
export const shopUnderConstruction = svg(
  `${ground}<path class="wall" d="M58 66h124v82H58z"/><path class="ln" d="M58 66v82"/><path class="ln dash" d="M182 66v82"/>` +
    `${shopWindow('glass')}<rect class="ln dash" x="140" y="92" width="28" height="56" rx="2"/>` +
    `${awning((stripe) => stripe < 4)}<path class="ink" d="M47 42h98v9H47a3 3 0 0 1-3-3v-3a3 3 0 0 1 3-3z"/><path class="ln th dash ft" d="M148 43h45v7h-45"/>` +
    '<g class="drift"><path class="ln" d="M174 44V14M174 16h26"/><path class="ln th" d="M194 16v9"/><path class="accent" d="M184 27h20v12a10 8 0 0 1-20 0z"/><path class="ln" d="M184 27h20v12a10 8 0 0 1-20 0z"/></g>' +
    '<path class="ln th" d="M26 148l6-22 6 22M28 141h8"/><path class="amber" d="M30.5 132h3l1.6 6h-6.2z"/>',
);

/** Nearly done, but the ladder still stands and one stripe hangs loose. */
export const shopWithLadder = svg(
  `${ground}${wall}${shopWindow('glass')}${door}` +
    `${awning((stripe) => stripe !== 4)}${roof}` +
    '<path class="ln" d="M186 148l14-86M200 148l10-86M189 132h13M191 116h13M194 100h12M197 84h11"/>' +
    '<circle class="amber" cx="60" cy="36" r="13"/><circle class="ln" cx="60" cy="36" r="13"/><path class="ln mark" d="M60 29v8M60 42.5v.1"/>',
);

/** The shutters are down. */
export const closedShop = svg(
  `${ground}${plants}${wall}` +
    '<rect class="shade" x="72" y="88" width="54" height="44" rx="2"/><rect class="ln" x="72" y="88" width="54" height="44" rx="2"/><path class="ln th" d="M72 96h54M72 104h54M72 112h54M72 120h54"/>' +
    '<rect class="shade" x="140" y="88" width="28" height="60" rx="2"/><rect class="ln" x="140" y="88" width="28" height="60" rx="2"/><path class="ln th" d="M140 96h28M140 104h28M140 128h28M140 136h28"/>' +
    `${awning()}${roof}` +
    '<path class="ln th" d="M154 98l-9 12M154 98l9 12"/><rect class="amber" x="141" y="110" width="26" height="13" rx="3"/><rect class="ln" x="141" y="110" width="26" height="13" rx="3"/><path class="ln th mark" d="M147 116.5h14"/>',
);

/** Lights out, a moon over the roof. */
export const restingShop = svg(
  `${ground}${plants}${wall}${shopWindow('shade')}${door}${awning()}${roof}` +
    '<g class="drift"><path class="lit" d="M196 12a15 15 0 1 0 13 22 12 12 0 0 1-13-22z"/><path class="ln" d="M196 12a15 15 0 1 0 13 22 12 12 0 0 1-13-22z"/></g>' +
    '<path class="ln th" d="M40 22v6M37 25h6M78 10v5M75.5 12.5h5M150 20v5M147.5 22.5h5"/>',
);

/** Two shops with their lights on, and between them the place of the panel. */
export const panelAway = svg(
  `${ground}${littleShop(26)}${littleShop(154)}` +
    '<rect class="ln dash" x="92" y="70" width="56" height="44" rx="5"/><path class="ln th dash ft" d="M92 82h56"/><path class="ln" d="M120 114v34M106 148h28"/>' +
    '<circle class="ink" cx="112" cy="97" r="2"/><circle class="ink" cx="120" cy="97" r="2"/><circle class="ink" cx="128" cy="97" r="2"/>',
);

function littleShop(x: number): string {
  const stripes = [0, 1, 2].map((index) => {
    const left = x + 1 + index * 19;
    const shape = `M${left} 88h19v9a9.5 7 0 0 1-19 0z`;
    return `<path class="${index % 2 === 0 ? 'accent' : 'wall'}" d="${shape}"/><path class="ln" d="${shape}"/>`;
  });
  return (
    `<path class="wall" d="M${x + 6} 98h47v50h-47z"/><path class="ln" d="M${x + 6} 98v50M${x + 53} 98v50"/>` +
    `<rect class="lit" x="${x + 13}" y="112" width="15" height="16" rx="1.5"/><rect class="ln th" x="${x + 13}" y="112" width="15" height="16" rx="1.5"/>` +
    `<rect class="lit" x="${x + 35}" y="112" width="12" height="36" rx="1.5"/><rect class="ln th" x="${x + 35}" y="112" width="12" height="36" rx="1.5"/>` +
    `${stripes.join('')}<rect class="ink" x="${x - 2}" y="81" width="63" height="8" rx="3"/>`
  );
}
