import { certificateAdvice, isLocalDomain } from './certificate-advice.ts';
import type { Platform } from './platform.ts';

/** What somebody who has just started the platform will ask next, one sentence each. */
export function tipsFor({ baseDomain, httpsPort, listenAddress, caFile, certificates }: Platform['facts']): string[] {
  if (!isLocalDomain(baseDomain)) {
    const advice = certificateAdvice(certificates);
    return [
      `Stores are reached as NAME.${baseDomain}: point *.${baseDomain} at this machine.`,
      ...(advice === undefined ? [] : [`${advice.message} ${advice.fix}`]),
    ];
  }
  const port = httpsPort === 443 ? '' : `:${httpsPort}`;
  return [
    ...(listenAddress.startsWith('127.') ? [tunnel(httpsPort, port, baseDomain)] : []),
    `From a shell here: curl --cacert ${caFile} --resolve demo.${baseDomain}:${httpsPort}:127.0.0.1 https://demo.${baseDomain}${port}/`,
    'For a domain of your own, set BASE_DOMAIN and PUBLIC_URL in .env (.env.example explains them), then start again.',
  ];
}

/** A browser takes *.localhost to its own machine; the tunnel brings it here under the same port. */
const tunnel = (httpsPort: number, port: string, baseDomain: string): string =>
  httpsPort < 1024
    ? `From another machine: sudo ssh -L ${httpsPort}:127.0.0.1:${httpsPort} USER@THIS-MACHINE, then open https://demo.${baseDomain}${port}/ there.`
    : `From another machine: ssh -L ${httpsPort}:127.0.0.1:${httpsPort} USER@THIS-MACHINE, then open https://demo.${baseDomain}${port}/ there.`;
