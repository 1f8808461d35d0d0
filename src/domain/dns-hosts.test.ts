import { describe, expect, it } from 'vitest';
import { dnsHostOf } from './dns-hosts.ts';

describe('who keeps the DNS of a domain', () => {
  it.each([
    [['amir.ns.cloudflare.com', 'uma.ns.cloudflare.com'], 'Cloudflare'],
    [['ns-421.awsdns-52.com', 'ns-1911.awsdns-46.co.uk'], 'Amazon Route 53'],
    [['ns1042.ui-dns.com', 'ns1042.ui-dns.biz'], 'IONOS'],
    [['hydrogen.ns.hetzner.com', 'oxygen.ns.hetzner.com', 'helium.ns.hetzner.de'], 'Hetzner'],
    [['ns1.dnsimple-edge.com', 'ns2.dnsimple-edge.net', 'ns3.dnsimple-edge.io', 'ns4.dnsimple-edge.org'], 'DNSimple'],
    [['ns1.small-host.example', 'ns2.small-host.example'], 'small-host.example'],
  ])('is told by %j: %s', (nameServers, name) => expect(dnsHostOf(nameServers)?.name).toBe(name));

  it('is not told where there are none, or of several', () => {
    expect([dnsHostOf([]), dnsHostOf(['uma.ns.cloudflare.com', 'ns1.gandi.net'])]).toEqual([null, null]);
  });

  it('is not taken for another whose name it only contains', () => {
    expect(dnsHostOf(['ns.cloudflare.com.evil.example'])).toEqual({ name: 'evil.example', hint: null });
    expect(dnsHostOf(['constructor'])).toEqual({ name: 'constructor', hint: null });
  });
});
