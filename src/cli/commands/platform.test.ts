import { expect, it } from 'vitest';
import { aView, shopctl } from '../../../test/fakes/shopctl.ts';
import type { CliActions, ReadyView } from '../actions.ts';

const READY: ReadyView = {
  version: '1.2.3',
  publicUrl: 'https://localhost:8443/',
  edge: { http: 'http://localhost:8080/', https: 'https://localhost:8443/' },
  caFile: '/data/certificates/local-ca/ca.crt',
  logsDir: '/data/logs',
  elapsedMs: 4200,
  demo: { email: 'demo@example.com', password: 'six words in a long row', store: aView() },
  tips: ['Reach it from elsewhere by a tunnel.'],
};

const upTo = (ready: ReadyView): Pick<CliActions, 'up'> => ({ up: async ({ onReady }) => onReady(ready) });

it('up ends with a screen that tells where to sign up, how to log in to the demo, and where things are', async () => {
  const { stdout } = await shopctl(['up', '--demo'], upTo(READY), { terminal: true });

  for (const told of [
    'https://localhost:8443/signup',
    'https://localhost:8443/login as demo@example.com',
    'six words in a long row',
    'https://demo.localhost:8443/wp-admin/',
    '/data/certificates/local-ca/ca.crt',
    '/data/logs',
    'shopctl store credentials demo',
    'Reach it from elsewhere by a tunnel.',
    'Ctrl-C stops the platform; shops keep serving.',
  ]) {
    expect(stdout).toContain(told);
  }
});

it('up without a demo names no login of one, and how to make a store', async () => {
  const { stdout } = await shopctl(['up'], upTo({ ...READY, demo: null }), { terminal: true });

  expect(stdout).not.toMatch(/demo login|password/);
  expect(stdout).toContain('https://localhost:8443/signup');
  expect(stdout).toContain('shopctl store create --help');
});
