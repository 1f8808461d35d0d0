import type { DeletionPreview } from '../operator-actions.ts';
import type { Fact } from '../printer.ts';

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** `12.3 MB`, in thousands as disks are sold. */
export function sizeInWords(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]}`;
}

/** What goes with a store, a line each. */
export function deletionFacts(preview: DeletionPreview): Fact[] {
  const each = (label: string, values: readonly string[]): Fact[] => values.map((value) => [label, value]);
  return [
    ['id', preview.id],
    ['name', preview.name],
    ...each('container', preview.containers),
    ...each('network', preview.networks),
    ...each('volume', preview.volumes),
    ...each(
      'folder',
      preview.folders.map(({ path, bytes }) => `${path} (${sizeInWords(bytes)})`),
    ),
    ['link', preview.link],
    ...each('domain', preview.domains),
    ['mails waiting', preview.mails.waiting],
    ['mails kept', preview.mails.all],
    ['port', preview.port],
    ['subnet', preview.subnet],
    ['uid', preview.uid],
  ];
}
