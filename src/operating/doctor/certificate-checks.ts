import { type CertificateFacts, type FailedAttempts, isRenewalDue } from '../../domain/certificates.ts';
import { DAY } from '../../lib/time.ts';
import { type CertificateWays, certificateAdvice } from '../certificate-advice.ts';
import { type Check, fail, ok, warn } from './check.ts';

/** Staging in use, no authority at all, or weekly limits that will be met. */
export const certificateWaysCheck = (ways: CertificateWays): Check => ({
  name: 'certificate-source',
  async run() {
    const advice = certificateAdvice(ways);
    if (advice !== undefined) return warn(advice.message, advice.fix);
    const { directory, hasWildcard } = ways;
    if (hasWildcard) return ok(`one wildcard for *.${ways.baseDomain}`);
    return ok(directory === undefined ? 'the local CA, for names of this machine' : new URL(directory).host);
  },
});

export interface NameState {
  readonly hostname: string;
  readonly facts: CertificateFacts | undefined;
  readonly failed: FailedAttempts | undefined;
}

const SHOWN = 3;

/** Every name has a certificate that lives, and none has been due for long. */
export const certificatesCheck = (look: () => Promise<readonly NameState[]>, now = () => new Date()): Check => ({
  name: 'certificates',
  async run() {
    const names = await look();
    const dead = names.filter(({ facts }) => facts === undefined || facts.notAfter <= now());
    if (dead.length > 0) {
      return fail(`No valid certificate: ${told(dead, now())}`, fixFor(dead));
    }
    const late = names.filter(({ facts }) => facts !== undefined && isLate(facts, now()));
    if (late.length > 0) return warn(`Near their end: ${told(late, now())}`, fixFor(late));
    return ok(names.length === 1 ? '1 name, valid' : `${names.length} names, all valid`);
  },
});

/** Due for so long that renewing by itself must have failed: half of the time for it is gone. */
function isLate(facts: CertificateFacts, now: Date): boolean {
  const left = facts.notAfter.getTime() - now.getTime();
  return isRenewalDue(facts, new Date(now.getTime() - left));
}

function told(names: readonly NameState[], now: Date): string {
  const lines = names.slice(0, SHOWN).map(({ hostname, facts, failed }) => {
    const days = facts && Math.floor((facts.notAfter.getTime() - now.getTime()) / DAY);
    const state = days === undefined ? 'none' : days < 0 ? 'over' : `${days} days left`;
    return `${hostname} (${state}${failed === undefined ? '' : `; ${failed.reason}`})`;
  });
  return [...lines, ...(names.length > SHOWN ? [`and ${names.length - SHOWN} more`] : [])].join(', ');
}

const fixFor = ([first]: readonly NameState[]): string =>
  first?.facts?.source === 'imported'
    ? `shopctl certificate import ${first.hostname} --certificate FILE --key FILE`
    : `shopctl certificate issue ${first?.hostname ?? 'NAME'}`;
