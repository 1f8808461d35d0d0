import { html, raw } from 'hono/html';
import type { ApiDocument, ApiOperation, JsonSchema } from './document.ts';

/** The document for people: one page without scripts, in the style sheet of no third party. */
export function docsPage({ info, paths, components, servers }: ApiDocument, nonce: string): ReturnType<typeof html> {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · ${info.title}</title>
<style nonce="${nonce}">${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>The ${info.title} API</h1>
<p>${info.description} Everything is below <code>${servers[0]?.url ?? ''}</code>. Show a token of yours, made in
<a href="/account/tokens">your account</a>: <code>Authorization: Bearer shp_…</code>. The same for programs:
<a href="/api/openapi.json">OpenAPI 3.1</a>.</p>
<nav aria-label="Contents"><ul>${tags.map((tag) => html`<li><a href="#${tag}">${tag}</a></li>`)}<li><a href="#schemas">Schemas</a></li></ul></nav>
${tags.map(
  (tag) =>
    html`<section id="${tag}"><h2>${tag}</h2>${operations
      .filter(({ operation }) => operation.tags.includes(tag))
      .map(operationHtml)}</section>`,
)}
<section id="schemas"><h2>Schemas</h2>${Object.entries(components.schemas).map(
    ([name, schema]) => html`<h3 id="schema-${name}">${name}</h3>${schemaHtml(schema)}`,
  )}</section>
</main>
</body>
</html>`;
}

function operationHtml(entry: { readonly path: string; readonly method: string; readonly operation: ApiOperation }) {
  const { path, method, operation } = entry;
  const scopes = operation.security.flatMap((each) => each['token'] ?? []);
  return html`<article id="${operation.operationId}">
<h3><code>${method} ${path}</code></h3>
<p>${operation.summary}. ${operation.description ?? ''}</p>
<p class="soft">${scopes.length === 0 ? 'In your browser’s session only: no token opens it.' : html`Scope: <code>${scopes.join(', ')}</code>`}</p>
${
  operation.parameters.length === 0
    ? ''
    : html`<ul>${operation.parameters.map(
        ({ name, in: place, required, description }) =>
          html`<li><code>${name}</code> (${place}${required ? ', required' : ''}) ${description ?? ''}</li>`,
      )}</ul>`
}
${operation.requestBody === undefined ? '' : html`<p>Send:</p>${Object.values(operation.requestBody.content).map(({ schema }) => schemaHtml(schema))}`}
${Object.entries(operation.responses).map(
  ([status, { description, content }]) =>
    html`<p>${status === 'default' ? 'Otherwise' : status}: ${description} ${Object.values(content ?? {}).map(
      ({ schema }) => referenceHtml(schema),
    )}</p>`,
)}
</article>`;
}

function referenceHtml(schema: JsonSchema) {
  const name = typeof schema['$ref'] === 'string' ? schema['$ref'].split('/').at(-1) : undefined;
  return name === undefined ? '' : html`<a href="#schema-${name}">${name}</a>`;
}

function schemaHtml(schema: JsonSchema) {
  return html`<pre tabindex="0">${JSON.stringify(schema, undefined, 2)}</pre>`;
}

const STYLE = `
:root { color-scheme: light dark; --text: light-dark(#1b2430, #e8ecf1); --soft: light-dark(#55606e, #a9b4c0);
  --ground: light-dark(#fff, #12171d); --card: light-dark(#f4f6f8, #1b222a); --link: light-dark(#0b5cad, #7fbcff); }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.6 system-ui, sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
a { color: var(--link); }
article { margin: 1.5rem 0; padding: 1rem; border-radius: 0.5rem; background: var(--card); }
h3 { margin: 0 0 0.5rem; font-size: 1rem; overflow-wrap: anywhere; }
p { margin: 0.25rem 0; }
pre { overflow: auto; font-size: 0.8125rem; }
.soft { color: var(--soft); }
`;
