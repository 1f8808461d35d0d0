import type { Config } from '@react-router/dev/config';

export default {
  appDirectory: 'src/web/pages',
  // Built beside the old one, then renamed into place.
  buildDirectory: process.env['PAGES_BUILD_DIR'] ?? 'build/pages',
  // The whole map of pages is small: no second request to discover it, and no route of the framework's own.
  routeDiscovery: { mode: 'initial' },
  future: {
    v8_middleware: true,
    v8_splitRouteModules: true,
    v8_viteEnvironmentApi: true,
    v8_passThroughRequests: true,
    v8_trailingSlashAwareDataRequests: true,
  },
} satisfies Config;
