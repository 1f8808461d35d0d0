import { createServer } from 'node:http';
import { readWebConfig } from '../config/web-config.ts';

/** Answers that it is there, until the pages come. */
createServer((request, response) => {
  response.writeHead(request.url === '/healthz' || request.url === '/readyz' ? 200 : 503).end();
}).listen(readWebConfig().webPort, '127.0.0.1');
