import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { cose, decodeAttestationObject, isoBase64URL, isoCBOR, isoUint8Array } from '@simplewebauthn/server/helpers';
import { AppError } from '../../domain/errors.ts';
import type { KnownPasskey, NewPasskeyAnswer, PasskeyAnswer } from '../../domain/passkey.ts';

export type PasskeyChecks = ReturnType<typeof createPasskeyChecks>;

const NAME = 'ShopHosting';
/** What every browser and authenticator of today can do. */
const ALGORITHMS = [cose.COSEALG.ES256, cose.COSEALG.RS256, cose.COSEALG.EdDSA];
const NO_STATEMENT = new Map<string, never>();

/**
 * Asks authenticators and checks what they answer (WebAuthn level 3). A passkey belongs to the host of `publicUrl`, and
 * answers count from its pages alone. Who uses one has shown the authenticator a finger, a face or a PIN.
 */
export function createPasskeyChecks({
  publicUrl,
  answerWithinMs,
}: {
  readonly publicUrl: string;
  readonly answerWithinMs: number;
}) {
  const { hostname: rpID, origin } = new URL(publicUrl);
  const expected = { expectedOrigin: origin, expectedRPID: rpID, requireUserVerification: true };

  return {
    /** For a browser: make a passkey for that account, unless it is one of those. `challenge` is base64url. */
    askForNew: (question: {
      readonly challenge: string;
      readonly customerId: string;
      readonly email: string;
      readonly known: readonly KnownPasskey[];
    }): Promise<PublicKeyCredentialCreationOptionsJSON> =>
      generateRegistrationOptions({
        rpName: NAME,
        rpID,
        userID: isoUint8Array.fromUTF8String(question.customerId),
        userName: question.email,
        userDisplayName: question.email,
        challenge: isoBase64URL.toBuffer(question.challenge),
        timeout: answerWithinMs,
        attestationType: 'none',
        // It has to find itself: whoever logs in with one types no address.
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        excludeCredentials: question.known.map(describe),
        supportedAlgorithmIDs: ALGORITHMS,
      }),

    /** For a browser: use one of those, or where none is named whichever its owner chooses. */
    askForUse: (question: {
      readonly challenge: string;
      readonly known: readonly KnownPasskey[];
    }): Promise<PublicKeyCredentialRequestOptionsJSON> =>
      generateAuthenticationOptions({
        rpID,
        challenge: isoBase64URL.toBuffer(question.challenge),
        timeout: answerWithinMs,
        userVerification: 'required',
        allowCredentials: question.known.map(describe),
      }),

    /** What is to be kept of a passkey that was just made. Throws `passkey_refused`. */
    checkNew: (challenge: string, answer: NewPasskeyAnswer): Promise<{ publicKey: string; counter: number }> =>
      orRefused(async () => {
        const { response } = answer;
        const { verified, registrationInfo } = await verifyRegistrationResponse({
          ...expected,
          response: {
            ...answer,
            response: { ...response, attestationObject: withoutStatement(response.attestationObject) },
            type: 'public-key',
            clientExtensionResults: {},
          },
          expectedChallenge: challenge,
          supportedAlgorithmIDs: ALGORITHMS,
        });
        if (!verified || registrationInfo.credential.id !== answer.id)
          throw new Error('It is not the one it says it is');
        const { publicKey, counter } = registrationInfo.credential;
        return { publicKey: isoBase64URL.fromBuffer(publicKey), counter };
      }),

    /** Has this passkey answered, now and for us? Returns its new counter. Throws `passkey_refused`. */
    checkUse: (
      challenge: string,
      answer: PasskeyAnswer,
      passkey: KnownPasskey & { readonly customerId: string; readonly publicKey: string; readonly counter: number },
    ): Promise<number> =>
      orRefused(async () => {
        const { userHandle, ...response } = answer.response;
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          ...expected,
          response: { ...answer, response, type: 'public-key', clientExtensionResults: {} },
          expectedChallenge: challenge,
          credential: {
            id: passkey.credentialId,
            publicKey: isoBase64URL.toBuffer(passkey.publicKey),
            counter: passkey.counter,
          },
        });
        if (!verified) throw new Error('The signature is not its own');
        if (userHandle !== undefined && isoBase64URL.toUTF8String(userHandle) !== passkey.customerId) {
          throw new Error('It was made for another account');
        }
        return authenticationInfo.newCounter;
      }),
  };
}

function describe({ credentialId, transports }: KnownPasskey) {
  return { id: credentialId, transports: [...transports] };
}

/**
 * The same without what the authenticator says of its maker. Nobody asks for that here, and to judge it the library
 * would read certificates that somebody made up, and fetch from addresses in them.
 */
function withoutStatement(attestationObject: string): string {
  const authData = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject)).get('authData');
  const bare = new Map<string, string | Map<string, never> | Uint8Array>([
    ['fmt', 'none'],
    ['attStmt', NO_STATEMENT],
    ['authData', authData],
  ]);
  return isoBase64URL.fromBuffer(isoCBOR.encode(bare));
}

/** Whatever is wrong with an answer, who sent it learns no more than that it counts for nothing. */
async function orRefused<Checked>(check: () => Promise<Checked>): Promise<Checked> {
  try {
    return await check();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'an unreadable answer';
    throw new AppError('passkey_refused', `A passkey’s answer was refused: ${why}.`, { cause });
  }
}
