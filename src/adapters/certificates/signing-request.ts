// x509's dependency container looks for it while it is being imported.
import 'reflect-metadata';
import { createPrivateKey, type KeyObject, webcrypto } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } from '@peculiar/x509';
import { importPrivate, importPublic, makeKey, SIGNATURE } from './issue-certificate.ts';

/** A key of ours that a request can be signed with: the one that is there where it is of our kind, else a new one. */
export async function requestKey(found: KeyObject | undefined): Promise<string> {
  const isOurKind = found?.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  return isOurKind ? found.export({ type: 'pkcs8', format: 'pem' }).toString() : await makeKey();
}

/** What an authority is asked with: a PKCS #10 request (PEM) for exactly this name. */
export async function signingRequest(name: string, key: string): Promise<string> {
  const request = await Pkcs10CertificateRequestGenerator.create(
    {
      keys: { privateKey: await importPrivate(key), publicKey: await importPublic(createPrivateKey(key)) },
      signingAlgorithm: SIGNATURE,
      extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
    },
    webcrypto,
  );
  return `${request.toString('pem').trim()}\n`;
}
