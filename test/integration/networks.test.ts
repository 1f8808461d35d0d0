import { afterAll, expect, test } from 'vitest';
import { createDockerClient } from '../../src/adapters/docker/docker-client.ts';
import { networkPlanOf, subnetAt } from '../../src/domain/subnets.ts';
import { DOCKER_SOCKET } from '../setup/places.ts';

/** Docker's own pools end at about thirty networks; a store has two. */
const STORES = 45;
const BLOCK = '10.253.0.0/16';
const LABELS = { 'shophosting.test': 'networks' };

const docker = createDockerClient(DOCKER_SOCKET);
afterAll(removeAll);

async function removeAll(): Promise<void> {
  const filters = JSON.stringify({ label: ['shophosting.test=networks'] });
  for (const { Id } of await docker.listNetworks({ filters })) await docker.getNetwork(Id).remove();
}

test(`one engine carries the networks of ${STORES} stores`, async () => {
  await removeAll();
  for (let index = 1; index <= STORES; index += 1) {
    const plan = networkPlanOf(subnetAt(BLOCK, index));
    const create = (half: string, Subnet: string, Internal: boolean) =>
      docker.createNetwork({
        Name: `shop-test-${index}-${half}`,
        Internal,
        Labels: LABELS,
        IPAM: { Driver: 'default', Config: [{ Subnet }] },
      });
    await create('back', plan.backSubnet, true);
    await create('front', plan.frontSubnet, false);
  }

  const made = await docker.listNetworks({ filters: JSON.stringify({ label: ['shophosting.test=networks'] }) });

  expect(made).toHaveLength(2 * STORES);
});
