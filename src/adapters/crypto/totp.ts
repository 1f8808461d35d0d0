import { generateSecret, generateURI, verifySync } from 'otplib';
import { encode } from 'uqr';
import { SECOND } from '../../lib/time.ts';

/** A dark-on-light picture as one SVG path over a square of `size` units. */
export interface QrCode {
  readonly size: number;
  readonly path: string;
}

const ISSUER = 'ShopHosting';
const STEP_SECONDS = 30;
/** Around the picture, in units; less than four and some cameras do not find it. */
const QUIET_ZONE = 4;
const CODE = /^\d{6}$/;

/** 160 random bits in base32: what an authenticator app is to keep. */
export const makeTotpSecret = (): string => generateSecret();

/** The secret for a camera, with whose account it is. */
export function qrCodeOf(secret: string, email: string): QrCode {
  const { data, size } = encode(generateURI({ issuer: ISSUER, label: email, secret }), { border: QUIET_ZONE });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { size, path: dark.join('') };
}

/**
 * The step of thirty seconds that the code belongs to: the present one, or its neighbour where a clock is late or early.
 * `undefined` for any other text. Spaces in the code do not matter.
 */
export function stepOfCode(secret: string, typed: string, now: Date): number | undefined {
  const token = typed.replaceAll(/\s/g, '');
  if (!CODE.test(token)) return undefined;
  const epoch = Math.floor(now.getTime() / SECOND);
  const answer = verifySync({ secret, token, epoch, epochTolerance: STEP_SECONDS });
  return answer.valid && 'timeStep' in answer ? answer.timeStep : undefined;
}
