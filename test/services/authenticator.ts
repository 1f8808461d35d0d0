import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';

const FLAGS = { present: 0x01, verified: 0x04, hasKey: 0x40 } as const;
/** COSE's numbers for a key of P-256 (RFC 9053 §7.1). */
const [KTY, ALG, CRV, X, Y] = [1, 3, -1, -2, -3];

/** In which an authenticator or the browser before it departs from what is right. */
export interface Departures {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly isVerified?: boolean;
  readonly isPresent?: boolean;
  readonly counter?: number;
  /** base64url */
  readonly userHandle?: string;
  readonly credentialId?: string;
  /** What it says of its maker: name and content. */
  readonly statement?: readonly [format: string, content: Cbor];
}

export type Authenticator = ReturnType<typeof createAuthenticator>;

/**
 * An authenticator with one passkey, and the browser between it and the pages at `origin`. It counts its uses, unless it
 * is one of those that say zero each time.
 */
export function createAuthenticator({ origin, counts = true }: { readonly origin: string; readonly counts?: boolean }) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32).toString('base64url');
  let userHandle: string | undefined;
  let counter = 0;

  const authenticatorData = (departures: Departures, rest: Uint8Array, hasKey: number): Buffer => {
    const { rpId = new URL(origin).hostname, isVerified = true, isPresent = true } = departures;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(departures.counter ?? counter);
    const flags = (isPresent ? FLAGS.present : 0) | (isVerified ? FLAGS.verified : 0) | hasKey;
    return Buffer.concat([sha256(rpId), Buffer.of(flags), count, rest]);
  };
  const clientData = (type: string, challenge: string, departures: Departures): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: departures.type ?? type,
        challenge: departures.challenge ?? challenge,
        origin: departures.origin ?? origin,
        crossOrigin: false,
      }),
    );

  return {
    id,

    /** The answer to a question for a new passkey. */
    make(options: PublicKeyCredentialCreationOptionsJSON, departures: Departures = {}): string {
      userHandle = options.user.id;
      const credentialId = Buffer.from(departures.credentialId ?? id, 'base64url');
      const length = Buffer.alloc(2);
      length.writeUInt16BE(credentialId.length);
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
      const key = new Map<Cbor, Cbor>([
        [KTY, 2],
        [ALG, -7],
        [CRV, 1],
        [X, Buffer.from(x, 'base64url')],
        [Y, Buffer.from(y, 'base64url')],
      ]);
      const rest = Buffer.concat([Buffer.alloc(16), length, credentialId, encode(key)]);
      const [format, content] = departures.statement ?? ['none', new Map<Cbor, Cbor>()];
      const attestation = new Map<Cbor, Cbor>([
        ['fmt', format],
        ['attStmt', content],
        ['authData', authenticatorData(departures, rest, FLAGS.hasKey)],
      ]);
      return JSON.stringify({
        id: credentialId.toString('base64url'),
        rawId: credentialId.toString('base64url'),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData('webauthn.create', options.challenge, departures).toString('base64url'),
          attestationObject: encode(attestation).toString('base64url'),
          transports: ['internal', 'a-way-of-tomorrow'],
        },
      });
    },

    /** The answer to a question for any passkey, or for this one. */
    use({ challenge }: PublicKeyCredentialRequestOptionsJSON, departures: Departures = {}): string {
      if (counts) counter += 1;
      const data = authenticatorData(departures, Buffer.alloc(0), 0);
      const client = clientData('webauthn.get', challenge, departures);
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), privateKey);
      const named = departures.credentialId ?? id;
      return JSON.stringify({
        id: named,
        rawId: named,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle: departures.userHandle ?? userHandle,
        },
      });
    },
  };
}

type Cbor = number | string | Uint8Array | readonly Cbor[] | ReadonlyMap<Cbor, Cbor>;

/** As much of CBOR (RFC 8949) as authenticators speak. */
function encode(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map) {
    const pairs = [...value].flatMap(([key, content]: [Cbor, Cbor]) => [encode(key), encode(content)]);
    return Buffer.concat([head(5, value.size), ...pairs]);
  }
  const items = value as readonly Cbor[];
  return Buffer.concat([head(4, items.length), ...items.map(encode)]);
}

function head(major: number, count: number): Buffer {
  if (count < 24) return Buffer.of((major << 5) | count);
  if (count < 0x1_00) return Buffer.of((major << 5) | 24, count);
  return Buffer.of((major << 5) | 25, count >> 8, count & 0xff);
}

const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();
