#!/usr/bin/env node
// Chromium in a network of its own. On the machine's it cuts every line when an interface comes or goes
// (ERR_NETWORK_CHANGED), and with each store's network some do. This is started in place of Chromium, with Chromium's
// arguments. Of the machine's loopback it reaches the ports that QUIET_CHROMIUM_PORTS names, and nothing else.
//
// A socket belongs to the network it was made in, whoever holds it. So a second process, inside, makes those that listen
// there, hands them to this one, which passes on what comes to them, and then starts Chromium. Standard streams and
// Playwright's two pipes go through to it; all are one group of processes, and without the pipes Chromium ends.
import { execFileSync, spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';

const LOOPBACK = '127.0.0.1';
const PIPES = [0, 1, 2, 3, 4];
/** With loopback alone pages would be told that they are offline. An address of IPv6 would come late, as a change. */
const INTERFACES = [
  'link set lo up',
  'link add out type veth peer away',
  'link set away addrgenmode none up',
  'link set out addrgenmode none up',
  'address add 192.0.2.1/24 dev out',
];

const args = process.argv.slice(2);
if (process.send === undefined) runOutside();
else await runInside();

function runOutside() {
  const inside = spawn('/usr/bin/unshare', ['--net', process.execPath, fileURLToPath(import.meta.url), ...args], {
    stdio: [...PIPES, 'ipc'],
  });
  inside.on('message', (port, listening) => listening.on('connection', (near) => passOn(near, port)));
  endWith(inside);
}

/** Where either side ends or breaks, so does the other. */
function passOn(near, port) {
  const far = connect({ host: LOOPBACK, port, noDelay: true });
  near.setNoDelay(true);
  pipeline(near, far, near, () => undefined);
}

async function runInside() {
  execFileSync('/usr/bin/ip', ['-batch', '-'], { input: INTERFACES.join('\n') });
  for (const port of process.env.QUIET_CHROMIUM_PORTS.split(',').map(Number)) await handOver(port);
  process.disconnect();
  endWith(spawn('/usr/bin/chromium', args, { stdio: PIPES }));
}

function handOver(port) {
  return new Promise((resolve, reject) => {
    const listening = createServer().once('error', reject);
    listening.listen(port, LOOPBACK, () => {
      process.send(port, listening, (error) => {
        listening.close();
        if (error) reject(error);
        else resolve();
      });
    });
  });
}

function endWith(child) {
  child.once('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  child.once('exit', (code) => process.exit(code ?? 1));
}
