/** A worker as it registered itself. */
export interface RegisteredWorker {
  readonly id: string;
  readonly hostname: string;
  readonly bootId: string;
  readonly pid: number;
  readonly heartbeatAt: Date;
}

/**
 * Takes the leases of workers that are certainly dead (same machine and the process is gone, or the machine has booted
 * since), so that their stores need not wait for the lease to run out. Workers elsewhere are judged by the lease alone.
 */
export function createDeadOwnerRelease(deps: {
  self: { hostname: string; bootId: string };
  workers: { list(): Promise<RegisteredWorker[]>; remove(id: string): Promise<void> };
  isAlive: (worker: RegisteredWorker) => Promise<boolean>;
  expireLeasesOf: (owners: string[]) => Promise<void>;
}): () => Promise<void> {
  return async () => {
    const neighbours = (await deps.workers.list()).filter((worker) => worker.hostname === deps.self.hostname);
    for (const worker of neighbours) {
      const sameBoot = worker.bootId === deps.self.bootId;
      if (sameBoot && (await deps.isAlive(worker))) continue;
      await deps.expireLeasesOf([worker.id]);
      await deps.workers.remove(worker.id);
    }
  };
}
