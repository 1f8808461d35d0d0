import { createPrivateKey } from 'node:crypto';
import { InvalidInputError } from '../../domain/errors.ts';
import { lifeOf } from './acme-orders.ts';
import type { FolderFiles } from './certificate-folder.ts';
import { chainIn, isPubliclyTrusted } from './public-trust.ts';

/**
 * A certificate and key that somebody brought, as we keep them. Throws `invalid_input` with what is wrong: not
 * readable, not belonging together, for other names, outside its life.
 */
export function readPair(
  texts: { readonly certificate: string; readonly key: string },
  hostname: string,
  now: Date,
): FolderFiles {
  const [leaf, ...rest] = readChain(texts.certificate);
  if (leaf === undefined) throw new InvalidInputError('certificate', 'The file holds no certificate in PEM form.');
  const key = readKey(texts.key);
  if (!leaf.checkPrivateKey(key)) {
    throw new InvalidInputError('key', 'Key and certificate do not belong together (the chain comes after the leaf).');
  }
  if (leaf.checkHost(hostname) === undefined) {
    throw new InvalidInputError(
      'certificate',
      `The certificate is not for ${hostname}: ${leaf.subjectAltName ?? 'no name'}.`,
    );
  }
  const { notBefore, notAfter } = lifeOf(leaf);
  if (now < notBefore || now > notAfter) {
    throw new InvalidInputError(
      'certificate',
      `The certificate is valid from ${notBefore.toISOString()} to ${notAfter.toISOString()}, which is not now.`,
    );
  }
  const fullchain = `${[leaf, ...rest].map((one) => one.toString().trim()).join('\n')}\n`;
  return {
    fullchain,
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    origin: { source: 'imported', isPubliclyTrusted: isPubliclyTrusted(fullchain) },
  };
}

function readChain(text: string) {
  try {
    return chainIn(text);
  } catch (cause) {
    throw Object.assign(new InvalidInputError('certificate', 'The certificate cannot be read: it is damaged.'), {
      cause,
    });
  }
}

function readKey(text: string) {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw Object.assign(new InvalidInputError('key', 'The key cannot be read: it must be PEM without a passphrase.'), {
      cause,
    });
  }
}
