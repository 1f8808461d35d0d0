import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROGRAMS } from '../src/adapters/process/programs.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What reads a text as commands, or starts whatever it is told. */
const READS_COMMANDS = /^(?:(?:ba|da|z|k|c|a)?sh|busybox|env|xargs|ssh|su|sudo|eval|perl|python3?|awk|script|screen)$/;

/** A program by that name, whole in its quotes, as it stands where it is started. */
const SHELL = /(['"`])(?:\/(?:usr\/)?bin\/)?(?:ba|da|z|k)?sh\1/;

/** Files that name a shell, and start none. */
const NAMES_ONE: Readonly<Record<string, string>> = {
  'src/adapters/docker/images/base-images.ts': 'what an image of Debian says to start where nobody says what',
  'src/cli/completion.ts': 'whose completion is printed',
};

/** Files that start a program that is not in the table: our own Node, or what we have unpacked ourselves. */
const BY_PATH = [
  ...['src/adapters/docker/compose.ts', 'src/adapters/docker/engine-tools.ts'],
  ...['src/app/actions.ts', 'src/app/platform.ts', 'src/app/web-kind.ts'],
];

interface Service {
  readonly healthcheck: { readonly test: readonly string[] };
  readonly command?: unknown;
  readonly entrypoint?: unknown;
}

describe('no text becomes a command', () => {
  it('no program that we may start is a shell, or starts what it is told', () => {
    const names = Object.values(PROGRAMS).flatMap(({ paths }) => paths.map((path) => path.split('/').at(-1) ?? ''));

    expect(names.filter((name) => READS_COMMANDS.test(name))).toEqual([]);
  });

  it('no shell is named in our sources but where it is only spoken of', () => {
    const naming = filesBelow('src', /(?<!\.test)\.tsx?$/).filter(({ text }) => SHELL.test(withoutComments(text)));

    expect(naming.map(({ path }) => path).toSorted()).toEqual(Object.keys(NAMES_ONE));
  });

  it('programs that are not in the table are our own, and started in few places', () => {
    const starting = filesBelow('src', /(?<!\.test)\.tsx?$/).filter(({ text }) =>
      /(?:runCommand|startProgram|startDetached)\(\s*\{ path/.test(text),
    );

    expect(starting.map(({ path }) => path).toSorted()).toEqual(BY_PATH);
  });

  it('what containers start and are asked by is a list of words everywhere, never a line', () => {
    const composed = filesBelow('stacks', /compose\.yml$/).flatMap(({ path, text }) => {
      const { services } = parse(text) as { services: Record<string, Service> };
      return Object.entries(services).map(([name, service]) => ({ what: `${path} ${name}`, service }));
    });
    const asked = composed.map(({ what, service }) => [what, service.healthcheck.test[0]]);
    const lines = composed.filter(({ service }) =>
      [service.command, service.entrypoint].some((words) => words !== undefined && !Array.isArray(words)),
    );
    const inImages = filesBelow('images', /Dockerfile$/).flatMap(({ path, text }) =>
      [...text.matchAll(/^(?:HEALTHCHECK .*?)?(?:CMD|ENTRYPOINT) (.*)$/gm)].map(([, words = '']) => ({ path, words })),
    );

    expect(composed.length).toBeGreaterThan(10);
    expect(asked.filter(([, first]) => first !== 'CMD')).toEqual([]);
    expect(lines).toEqual([]);
    expect(inImages.length).toBeGreaterThan(10);
    expect(inImages.filter(({ words }) => !words.startsWith('["'))).toEqual([]);
  });
});

function filesBelow(folder: string, names: RegExp): { readonly path: string; readonly text: string }[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && names.test(entry.name))
    .map((entry) => {
      const path = relative(ROOT, join(entry.parentPath, entry.name));
      return { path, text: readFileSync(join(ROOT, path), 'utf8') };
    });
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}
