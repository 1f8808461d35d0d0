import type Docker from 'dockerode';
import { engineCall } from './docker-client.ts';

/** By name, in order. */
export interface StoreBelongings {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

/** A filter for the engine's lists. What carries the label goes when the store does, and nothing else. */
export const labelledFor = (storeId: string): string => JSON.stringify({ label: [`shophosting.store=${storeId}`] });

/** What the engine has of a store, as it is this moment. */
export async function readStoreBelongings(docker: Docker, storeId: string): Promise<StoreBelongings> {
  const filters = labelledFor(storeId);
  const [containers, networks, { Volumes }] = await engineCall('list what a store has', () =>
    Promise.all([
      docker.listContainers({ all: true, filters }),
      docker.listNetworks({ filters }),
      docker.listVolumes({ filters }),
    ]),
  );
  return {
    containers: containers.map(({ Id, Names }) => (Names[0] ?? Id).replace(/^\//, '')).toSorted(),
    networks: networks.map(({ Name }) => Name).toSorted(),
    volumes: (Volumes ?? []).map(({ Name }) => Name).toSorted(),
  };
}
