import { join } from 'node:path';
import { callControl, serveControl } from '../adapters/host/control-socket.ts';
import type { Control } from '../operating/platform.ts';

/** How commands reach the `up` of that folder. */
export function controlOf(dataDir: string): Control {
  const path = join(dataDir, 'run', 'up.sock');
  return {
    serve: (handler) => serveControl(path, handler),
    call: (request, options) => callControl(path, request, options),
  };
}
