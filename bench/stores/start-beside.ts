import type Docker from 'dockerode';
import type { ContainerCreateOptions } from 'dockerode';
import { engineCall, ifThere } from '../../src/adapters/docker/docker-client.ts';
import { containerOf } from '../../src/domain/names.ts';
import type { Store } from '../../src/domain/store.ts';

export interface Beside {
  readonly container: string;
  close(): Promise<void>;
}

/**
 * A container beside a store's own web container, in both of its networks. It carries none of the platform's labels: the
 * platform leaves it alone, and whoever started it takes it away, before the store goes. Nothing is left where it throws.
 */
export async function startBeside(docker: Docker, store: Store, options: ContainerCreateOptions): Promise<Beside> {
  const networkOf = (half: 'front' | 'back'): string => `${store.id}_${half}`;
  const name = `bench-${containerOf(store, 'web')}`;
  const container = await engineCall(name, () =>
    docker.createContainer({
      ...options,
      name,
      HostConfig: { ...options.HostConfig, NetworkMode: networkOf('front') },
    }),
  );
  const close = async (): Promise<void> => {
    await ifThere(name, () => container.remove({ force: true }));
  };
  try {
    await engineCall(`${name}: its way to the database`, () =>
      docker.getNetwork(networkOf('back')).connect({ Container: container.id }),
    );
    await engineCall(`${name}: its start`, () => container.start());
  } catch (error) {
    await close();
    throw error;
  }
  return { container: name, close };
}
