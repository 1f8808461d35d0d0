export interface PageContent {
  readonly title: string;
  /** SVG without a size of its own; purely decoration. */
  readonly picture: string;
  readonly text: string;
  readonly note: string;
  /** Label of a link to this same page. */
  readonly again?: string;
  /** The page asks for itself again after so many seconds, without a script. */
  readonly refreshSeconds?: number;
  readonly isBusy?: boolean;
}

/** One self-contained file: light or dark as the visitor likes it, from 320 pixels up, still for who prefers that. */
export function renderPage({ title, picture, text, note, again, refreshSeconds, isBusy }: PageContent): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
${refreshSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${refreshSeconds}">\n`}<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<div class="picture" aria-hidden="true">${picture}</div>
<h1>${title}</h1>
<p>${text}</p>
${isBusy ? '<div class="busy" aria-hidden="true"><i></i><i></i><i></i></div>\n' : ''}${again === undefined ? '' : `<p><a class="again" href="">${again}</a></p>\n`}<p class="note">${note}</p>
</main>
</body>
</html>
`;
}

const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #f7f5f0; --glow: #fffdf8; --ink: #23302d; --soft: #5c6a66;
  --line: #33433f; --wall: #fffdf8; --accent: #2f7f6f; --accent-soft: #d9ebe4; --glass: #cfe3e6;
  --lit: #fbe3a4; --door: #b98152; --ground: #d8d3c6; --amber: #e2a33b; --shade: #e9e5da;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #121817; --glow: #1a2422; --ink: #e9efec; --soft: #9fb0aa;
    --line: #a9bcb5; --wall: #1f2a28; --accent: #57a894; --accent-soft: #2a3d38; --glass: #2b4046;
    --lit: #e8c46f; --door: #8a6242; --ground: #33403d; --amber: #e2ac52; --shade: #263230;
  }
}
* { box-sizing: border-box; }
html { height: 100%; }
body {
  margin: 0; min-height: 100%; display: grid; place-items: center; padding: 2rem 1.25rem;
  background: radial-gradient(60rem 40rem at 50% 30%, var(--glow), var(--paper)) var(--paper);
  color: var(--ink); font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  -webkit-text-size-adjust: 100%;
}
main { width: 100%; max-width: 33rem; text-align: center; padding-bottom: 4vh; }
.picture svg { display: block; width: min(19rem, 78%); height: auto; margin: 0 auto 1.75rem; overflow: visible; }
h1 { font-size: clamp(1.5rem, 1.2rem + 1.6vw, 2rem); line-height: 1.25; letter-spacing: -0.015em; font-weight: 650;
  margin: 0 0 0.75rem; text-wrap: balance; }
p { margin: 0 auto 1.25rem; max-width: 29rem; text-wrap: pretty; }
.note { color: var(--soft); font-size: 0.9375rem; margin: 1.75rem auto 0; }
code { font: 0.9em ui-monospace, SFMono-Regular, Menlo, monospace; color: var(--ink); background: var(--shade); padding: 0.1em 0.4em;
  border-radius: 0.3em; }
.again { display: inline-block; padding: 0.6rem 1.4rem; border-radius: 999px; color: var(--ink); text-decoration: none;
  border: 1.5px solid color-mix(in srgb, var(--accent) 55%, transparent); transition: background 0.15s; }
.again:hover { background: var(--accent-soft); }
.again:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
.busy { display: flex; gap: 0.5rem; justify-content: center; margin: 0.25rem 0; }
.busy i { width: 0.5rem; height: 0.5rem; border-radius: 50%; background: var(--accent); opacity: 0.35; }
svg { stroke-linecap: round; stroke-linejoin: round; }
.ln { fill: none; stroke: var(--line); stroke-width: 2.5; }
.th { stroke-width: 1.75; }
.mark { stroke: #3b2a10; }
.dash { stroke-dasharray: 5 6; }
.ft { opacity: 0.5; }
.wall { fill: var(--wall); } .shade { fill: var(--shade); } .accent { fill: var(--accent); }
.pale { fill: var(--accent-soft); } .glass { fill: var(--glass); } .lit { fill: var(--lit); }
.door { fill: var(--door); } .ground { fill: var(--ground); } .amber { fill: var(--amber); } .ink { fill: var(--line); }
@media (prefers-reduced-motion: no-preference) {
  .busy i { animation: busy 1.4s ease-in-out infinite; }
  .busy i:nth-child(2) { animation-delay: 0.18s; }
  .busy i:nth-child(3) { animation-delay: 0.36s; }
  @keyframes busy { 0%, 70%, 100% { opacity: 0.3; transform: none; } 35% { opacity: 1; transform: translateY(-3px); } }
  .drift { animation: drift 4s ease-in-out infinite alternate; }
  @keyframes drift { to { transform: translateY(-3px); } }
}
`.trim();
