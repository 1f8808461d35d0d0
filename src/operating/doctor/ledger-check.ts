import type { LedgerVerdict } from '../../ledger/verify-ledger.ts';
import { type Check, fail, ok } from './check.ts';

/** The ledger's newest lines are as they were sealed. `shopctl audit verify` walks over all of them. */
export const ledgerCheck = (verifyNewest: () => Promise<LedgerVerdict>): Check => ({
  name: 'ledger',
  async run() {
    const { verified, unsealed, problem } = await verifyNewest();
    if (problem !== null) return fail(`The ledger was tampered with: ${problem.message}`, 'shopctl audit verify');
    const waiting = unsealed === 0 ? '' : `; ${unsealed} are not sealed yet`;
    return ok(
      verified === 0 ? `No line is sealed yet${waiting}.` : `The newest ${verified} lines are as sealed${waiting}.`,
    );
  },
});
