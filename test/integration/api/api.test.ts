import { afterAll, beforeAll, describe } from 'vitest';
import { MINUTE } from '../../../src/lib/time.ts';
import { forEachDatabase } from '../../services/for-each-database.ts';
import { type ApiWorld, openApiWorld } from './api-world.ts';
import { testCanaries } from './canaries.ts';
import { testGuide } from './guide.ts';
import { testKeys } from './keys.ts';
import { testLimits } from './limits.ts';
import { testLists } from './lists.ts';
import { testOtherTenants } from './other-tenants.ts';
import { testPermissions } from './permissions.ts';
import { testPolicies } from './policies.ts';
import { testPrograms } from './programs.ts';
import { testRequests } from './requests.ts';
import { testWords } from './words.ts';

forEachDatabase(
  (_name, connect) => {
    // One for all parts: each test puts back what it needs, and a world takes as long as many tests.
    let world: ApiWorld;
    beforeAll(async () => {
      world = await openApiWorld(await connect());
    }, 5 * MINUTE);
    afterAll(() => world?.stop());
    const open = () => world;

    describe('who may call what', () => {
      testPermissions(open);
    });
    describe('how often', () => {
      testLimits(open);
    });
    describe('by programs', () => {
      testPrograms(open);
    });
    describe('of other customers', () => {
      testOtherTenants(open);
    });
    describe('what is asked', () => {
      testRequests(open);
    });
    describe('under keys', () => {
      testKeys(open);
    });
    describe('of what is sealed', () => {
      testCanaries(open);
    });
    describe('what every answer carries', () => {
      testPolicies(open);
    });
    describe('what is typed', () => {
      testWords(open);
    });
    describe('of lists', () => {
      testLists(open);
    });
    describe('the guide', () => {
      testGuide(open);
    });
  },
  { only: 'MySQL' },
);
