import { startSearchStandIn } from './start-search-stand-in.ts';

/** The stand-in as the only process of a container. */
const standIn = await startSearchStandIn({
  host: '0.0.0.0',
  port: 9200,
  file: '/var/lib/search/stand-in.json',
  onRefused: (line) => console.error(line),
});
console.log(`Search stand-in for tests, at ${standIn.url}`);
for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.once(name, () => void standIn.stop().then(() => process.exit(0)));
}
