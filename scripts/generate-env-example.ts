/** Writes .env.example from the table of settings; a unit test tells when the two differ. */
import { writeFileSync } from 'node:fs';
import { renderEnvExample } from '../src/config/env-example.ts';

writeFileSync(new URL('../.env.example', import.meta.url), renderEnvExample());
