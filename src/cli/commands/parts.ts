import type { Command } from 'commander';
import { z } from 'zod';
import type { ArtifactView, ImageView } from '../actions.ts';
import type { Column } from '../printer.ts';
import { defineCommand, defineGroup, type Session } from '../session.ts';

const NO_OPTIONS = z.object({});

const IMAGE_COLUMNS: readonly Column<ImageView>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'REFERENCE', value: ({ reference }) => reference },
  { title: 'SOURCE', value: ({ source }) => source },
  { title: 'PRESENT', value: ({ present }) => (present ? 'yes' : 'no') },
  {
    title: 'VERSIONS',
    value: ({ versions }) =>
      Object.entries(versions)
        .map((pair) => pair.join(' '))
        .join(', '),
  },
];

const ARTIFACT_COLUMNS: readonly Column<ArtifactView>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'VERSION', value: ({ version }) => version },
  { title: 'PRESENT', value: ({ present }) => (present ? 'yes' : 'no') },
  { title: 'SOURCE', value: ({ source, reason }) => source ?? reason },
  { title: 'SHA256', value: ({ sha256 }) => sha256 },
];

/** `images …` and `artifacts …`: what stores are made from. */
export function addPartsCommands(program: Command, session: Session): void {
  const images = defineGroup(program, 'images', 'container images that the configured platforms need');
  defineCommand(images, session, {
    usage: 'prepare [platform]',
    summary: 'pull or build what is missing; may be interrupted and repeated',
    examples: ['shopctl images prepare', 'shopctl images prepare magento'],
    configure: (command) =>
      command.option('--no-golden', 'install no shop to be copied for new stores; the worker does when nobody waits'),
    options: z.object({ golden: z.boolean() }),
    async run({ options, args, actions, printer, io }) {
      const [platform] = args;
      const wish = {
        ...(platform === undefined ? {} : { platform }),
        signal: io.interrupt,
        onProgress: printer.note,
      };
      const items = await actions.prepareImages(wish);
      if (options.golden) await actions.prepareSnapshots(wish);
      printer.list(items, IMAGE_COLUMNS, 'No image is needed.');
    },
  });
  defineCommand(images, session, {
    usage: 'list',
    summary: 'names, digests, versions and where each came from',
    options: NO_OPTIONS,
    async run({ actions, printer }) {
      printer.list(await actions.listImages(), IMAGE_COLUMNS, 'No image yet. Prepare them: shopctl images prepare');
    },
  });

  const artifacts = defineGroup(program, 'artifacts', 'application archives, e.g. WooCommerce');
  defineCommand(artifacts, session, {
    usage: 'list',
    summary: 'what the catalogue knows, what is there, and why the rest is not',
    options: NO_OPTIONS,
    async run({ actions, printer }) {
      printer.list(await actions.listArtifacts(), ARTIFACT_COLUMNS, 'The catalogue is empty.');
    },
  });
  defineCommand(artifacts, session, {
    usage: 'add <file>',
    summary: 'check an archive and keep it; recognised by what is inside, not by its name',
    examples: ['shopctl artifacts add woocommerce.zip'],
    options: NO_OPTIONS,
    async run({ args, actions, printer, io }) {
      const [file = ''] = args;
      const artifact = await actions.addArtifact({ file, signal: io.interrupt, onProgress: printer.note });
      printer.object(
        artifact,
        ARTIFACT_COLUMNS.map(({ title, value }) => [title.toLowerCase(), value(artifact)]),
      );
    },
  });
}
