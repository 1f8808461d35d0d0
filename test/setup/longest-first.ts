import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take minutes, the longest first. Begun last, one of them would run alone while the other worker has nothing
 * left to do. What is not named follows, the larger file first, as Vitest has it.
 */
const LONGEST = [
  'magento.test.ts',
  'front-door.test.ts',
  'faults.test.ts',
  'ahead.test.ts',
  'shop.test.ts',
  'install.test.ts',
  'looks.test.ts',
  'api.test.ts',
  'php.test.ts',
  'images.test.ts',
  'magento-shop.test.ts',
  'own-domains.test.ts',
];

/** The order of files within each project: longest first, on a clean machine too, where Vitest knows no durations. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => groupOf(a) - groupOf(b) || placeOf(a) - placeOf(b));
  }
}

const groupOf = ({ project }: TestSpecification): number => project.config.sequence.groupOrder;

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONGEST.indexOf(basename(moduleId));
  return place === -1 ? LONGEST.length : place;
}
