import type Docker from 'dockerode';
import { engineCall } from './docker-client.ts';
import { readRoutedSubnets } from './routed-subnets.ts';

/** Networks that exist on this machine, whoever made them: the engine's, and the host's own routes. */
export async function readUsedSubnets(docker: Docker): Promise<string[]> {
  const networks = await engineCall('list networks', () => docker.listNetworks());
  const engines = networks.flatMap(({ IPAM }) => (IPAM?.Config ?? []).map(({ Subnet }) => Subnet ?? ''));
  return [...engines, ...(await readRoutedSubnets())].filter((subnet) => subnet.includes('.'));
}
