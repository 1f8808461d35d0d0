import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';

/** Where everything of the edge is. All of it below `DATA_DIR`, so that two instances never meet. */
export interface EdgeFolders {
  /** nginx's prefix: DATA_DIR/edge. */
  readonly prefix: string;
  /** One folder per generation, each a whole configuration. */
  readonly trees: string;
  /** The symlink that says which of them is in place. */
  readonly current: string;
  readonly pages: string;
  /** What certbot writes and the world may read: `.well-known/acme-challenge/`. */
  readonly acme: string;
  /** Pages of shops, as nginx keeps them. */
  readonly keptPages: string;
  /** One small file a store: its time tells since when pages of it may be kept. */
  readonly epochs: string;
  /** One file a shop that visitors are let into before the configuration in effect says so: see opened-doors.ts. */
  readonly opened: string;
  readonly temporary: string;
  readonly pidFile: string;
  readonly controlSocket: string;
  readonly accessLog: string;
  readonly errorLog: string;
  readonly logs: string;
}

/** The epoch of stores that have none of their own yet. */
export const NO_EPOCH = 'none';

/** `sockaddr_un` holds 108 bytes with the closing zero (man 7 unix). */
const MAX_SOCKET_PATH = 107;

/** Throws `configuration_invalid` when DATA_DIR is so deep that the control socket's path would not fit. */
export function edgeFolders(dataDir: string): EdgeFolders {
  const prefix = join(dataDir, 'edge');
  const logs = join(dataDir, 'logs');
  const controlSocket = join(prefix, 'control.sock');
  if (Buffer.byteLength(controlSocket) > MAX_SOCKET_PATH) {
    throw new AppError('configuration_invalid', `DATA_DIR is too long for a unix socket: ${dataDir}`, {
      hint: `Choose a DATA_DIR of at most ${MAX_SOCKET_PATH - '/edge/control.sock'.length} characters.`,
    });
  }
  return {
    prefix,
    trees: join(prefix, 'trees'),
    current: join(prefix, 'current'),
    pages: join(prefix, 'pages'),
    acme: join(prefix, 'acme'),
    keptPages: join(prefix, 'kept-pages'),
    epochs: join(prefix, 'epochs'),
    opened: join(prefix, 'opened'),
    temporary: join(prefix, 'tmp'),
    pidFile: join(prefix, 'nginx.pid'),
    controlSocket,
    accessLog: join(logs, 'edge-access.log'),
    errorLog: join(logs, 'edge-error.log'),
    logs,
  };
}
