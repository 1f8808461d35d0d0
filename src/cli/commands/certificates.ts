import type { Command } from 'commander';
import { z } from 'zod';
import { InvalidInputError } from '../../domain/errors.ts';
import type { CertificateView, RenewalView } from '../actions.ts';
import { EXIT } from '../exit-codes.ts';
import type { Column, Fact } from '../printer.ts';
import { defineCommand, defineGroup, type Session } from '../session.ts';

const NO_OPTIONS = z.object({});

const issuerOf = ({ source, directory }: CertificateView): string | null =>
  directory === null ? source : new URL(directory).host;

const COLUMNS: readonly Column<CertificateView>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'ISSUER', value: issuerOf },
  { title: 'TRUSTED', value: ({ trusted }) => (trusted ? 'yes' : 'no') },
  { title: 'WILDCARD', value: ({ wildcard }) => (wildcard ? 'yes' : 'no') },
  { title: 'ENDS', value: ({ notAfter }) => notAfter },
  { title: 'DAYS LEFT', value: ({ daysLeft }) => daysLeft },
  { title: 'PROBLEM', value: ({ problem }) => problem },
];

const OUTCOMES: readonly Column<RenewalView>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'OUTCOME', value: ({ outcome }) => outcome },
  { title: 'REASON', value: ({ error }) => error?.message },
];

const factsOf = (certificate: CertificateView): Fact[] =>
  COLUMNS.map(({ title, value }) => [title.toLowerCase(), value(certificate)]);

/** `certificate …`: what browsers are shown. */
export function addCertificateCommands(program: Command, session: Session): void {
  const certificate = defineGroup(program, 'certificate', 'certificates of the platform and of the stores');
  defineCommand(certificate, session, {
    usage: 'list',
    summary: 'every name, who issued its certificate, when that ends, and what stands in the way of a new one',
    options: NO_OPTIONS,
    async run({ actions, printer }) {
      printer.list(await actions.listCertificates(), COLUMNS, 'No name yet.');
    },
  });
  defineCommand(certificate, session, {
    usage: 'issue <name>',
    summary: 'make sure that a name has a good certificate, asking at once also after failures',
    examples: ['shopctl certificate issue demo.shops.example.net'],
    options: NO_OPTIONS,
    async run({ args, actions, printer, io }) {
      const issued = await actions.issueCertificate({ name: args[0] ?? '', signal: io.interrupt });
      printer.object(issued, factsOf(issued));
    },
  });
  defineCommand(certificate, session, {
    usage: 'renew [name]',
    summary: 'renew what is due; with a name or --all also what is not',
    examples: ['shopctl certificate renew', 'shopctl certificate renew demo.shops.example.net'],
    configure: (command) => command.option('--all', "every certificate, due or not; mind the authority's limits"),
    options: z.object({ all: z.boolean().default(false) }),
    async run({ args: [name], options: { all }, actions, printer, io }) {
      if (name !== undefined && all) throw new InvalidInputError('all', 'Give a name or --all, not both.');
      const outcomes = await actions.renewCertificates({ ...(name && { name }), all, signal: io.interrupt });
      printer.list(outcomes, OUTCOMES, 'No name yet.');
      return outcomes.some(({ outcome }) => outcome === 'failed' || outcome === 'skipped') ? EXIT.failed : EXIT.ok;
    },
  });
  defineCommand(certificate, session, {
    usage: 'import <name>',
    summary: "use a certificate of somebody else's for a name; it is never renewed by us",
    examples: ['shopctl certificate import shop.example.com --certificate fullchain.pem --key privkey.pem'],
    configure: (command) =>
      command
        .requiredOption('--certificate <file>', 'the certificate and its chain, PEM')
        .requiredOption('--key <file>', 'its key, PEM without a passphrase'),
    options: z.object({ certificate: z.string(), key: z.string() }),
    async run({ args, options, actions, printer }) {
      const imported = await actions.importCertificate({
        name: args[0] ?? '',
        certificateFile: options.certificate,
        keyFile: options.key,
      });
      printer.object(imported, factsOf(imported));
    },
  });
}
