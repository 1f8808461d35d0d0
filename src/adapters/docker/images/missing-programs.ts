import type { IncomingMessage } from 'node:http';
import type Docker from 'dockerode';
import { z } from 'zod';
import { ifThere } from '../docker-client.ts';
import { withReader } from './reader-container.ts';

const STAT_HEADER = 'x-docker-container-path-stat';
/** As Go writes the mode of a file. */
const DIRECTORY_BIT = 2 ** 31;
const EXECUTABLE_BY_ALL = 0o001;
/** Links to links: more of them lead nowhere. */
const MOST_LINKS = 8;
const STAT = z.object({ mode: z.number(), linkTarget: z.string() });

/**
 * Which of these programs an image lacks, or has as something that not everybody may run. Looks, and starts nothing of
 * the image.
 */
export async function missingPrograms(
  docker: Docker,
  image: string,
  programs: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const what = `Looking for programs in ${image}`;
  return withReader(docker, { image, program: '/healthcheck', what }, signal, async (container) => {
    const missing: string[] = [];
    for (const path of programs) {
      if (!(await isProgram(container, path, what, signal))) missing.push(path);
    }
    return missing;
  });
}

async function isProgram(container: Docker.Container, path: string, what: string, signal: AbortSignal) {
  let at = path;
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const place = at;
    const answer = await ifThere(what, () => container.infoArchive({ path: place, abortSignal: signal }));
    if (answer === undefined) return false;
    const { headers } = (answer as IncomingMessage).resume();
    const told = Buffer.from(String(headers[STAT_HEADER] ?? ''), 'base64').toString('utf8');
    const { mode, linkTarget } = STAT.parse(JSON.parse(told));
    if (linkTarget === '') return mode < DIRECTORY_BIT && (mode & EXECUTABLE_BY_ALL) !== 0;
    at = linkTarget;
  }
  return false;
}
