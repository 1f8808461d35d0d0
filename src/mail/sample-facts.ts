import type { MailFacts, MailKind } from './mail-kinds.ts';

const PANEL = 'https://panel.example.com';
const SHOP = 'https://teehaus.example.com';

/** Facts to look at each kind of mail with: `shopctl mail preview`, and tests. */
export const SAMPLE_FACTS: { readonly [Kind in MailKind]: MailFacts<Kind> } = {
  welcome: {
    storeName: 'teehaus',
    email: 'mara@example.com',
    progressUrl: `${PANEL}/stores/sto_01jd3c6v9kx2m8r4t7w0`,
    dashboardUrl: `${PANEL}/dashboard`,
  },
  ready: {
    title: 'Maras Teehaus & Söhne',
    url: `${SHOP}/`,
    adminUrl: `${SHOP}/wp-admin/`,
    username: 'shopowner',
    dashboardUrl: `${PANEL}/dashboard`,
  },
  failed: {
    title: 'Maras Teehaus & Söhne',
    sentence: 'Your shop was started but did not come up in time. You can try again.',
    nextStep: 'Open the page of your shop and press Retry: it goes on where it stopped.',
    storeUrl: `${PANEL}/stores/sto_01jd3c6v9kx2m8r4t7w0`,
    reference: 'run_01jd3c7a5mq8x2n4v6b9',
  },
  'verify-email': {
    email: 'mara@example.com',
    verifyUrl: `${PANEL}/verify-email?token=8mJ0vWcY`,
    validFor: 'a day',
  },
  'reset-password': {
    email: 'mara@example.com',
    resetUrl: `${PANEL}/reset-password?token=8mJ0vWcY`,
    where: 'Firefox on Windows, 203.0.113.7',
    validFor: '45 minutes',
  },
  'email-changed': {
    email: 'mara@example.com',
    newEmail: 'mara@teehaus.example',
    when: '25 Nov 2026, 17:26 UTC',
    where: 'Firefox on Windows, 203.0.113.7',
    loginUrl: `${PANEL}/login`,
  },
  'account-deletion-scheduled': {
    email: 'mara@example.com',
    dueDate: '9 Dec 2026, 17:26 UTC',
    loginUrl: `${PANEL}/login`,
  },
  'account-kept': { email: 'mara@example.com', dashboardUrl: `${PANEL}/dashboard` },
  'account-deleted': { email: 'mara@example.com', homeUrl: `${PANEL}/` },
  'address-held': { email: 'mara@example.com', loginUrl: `${PANEL}/login` },
  'password-changed': {
    email: 'mara@example.com',
    when: '25 Nov 2026, 17:26 UTC',
    where: 'Firefox on Windows, 203.0.113.7',
    resetUrl: `${PANEL}/forgot-password`,
  },
  'domain-valid': {
    domain: 'www.teehaus.example',
    title: 'Maras Teehaus & Söhne',
    url: 'https://www.teehaus.example/',
    domainsUrl: `${PANEL}/stores/sto_01jd3c6v9kx2m8r4t7w0/domains`,
  },
  'domain-problem': {
    domain: 'www.teehaus.example',
    title: 'Maras Teehaus & Söhne',
    sentence: 'www.teehaus.example resolves to 198.51.100.4, should be 203.0.113.7.',
    fix: 'Replace what is there (198.51.100.4) by a CNAME record to teehaus.shops.example.com.',
    domainsUrl: `${PANEL}/stores/sto_01jd3c6v9kx2m8r4t7w0/domains`,
  },
  'certificate-problem': {
    domain: 'www.teehaus.example',
    title: 'Maras Teehaus & Söhne',
    reason: 'CAA record for teehaus.example prevents issuance (caa).',
    until: '2026-12-10',
    domainsUrl: `${PANEL}/stores/sto_01jd3c6v9kx2m8r4t7w0/domains`,
  },
  suspended: {
    title: 'Maras Teehaus & Söhne',
    sentence: 'We have closed your shop for now. Visitors see a friendly note; everything in it is kept.',
    storeUrl: `${PANEL}/stores/sto_01jd3c6v9kx2m8r4t7w0`,
  },
  resumed: {
    title: 'Maras Teehaus & Söhne',
    url: `${SHOP}/`,
    storeUrl: `${PANEL}/stores/sto_01jd3c6v9kx2m8r4t7w0`,
  },
  'deletion-scheduled': {
    title: 'Maras Teehaus & Söhne',
    dueDate: '2 December 2026, 10:00 UTC',
    storeUrl: `${PANEL}/stores/sto_01jd3c6v9kx2m8r4t7w0`,
  },
  'php-limits-lowered': {
    title: 'Maras Teehaus & Söhne',
    sentence:
      'With its new plan, starter, it has 384 MB of memory for one request, 128 MB for an upload, 120 seconds for one request and 10000 fields in one form.',
    storeUrl: `${PANEL}/stores/sto_01jd3c6v9kx2m8r4t7w0`,
  },
  'shop-password-changed': {
    title: 'Maras Teehaus & Söhne',
    whose: 'the administrator of your shop',
    sentence: 'Whoever was signed in with the old one was signed out.',
    accessUrl: `${PANEL}/stores/sto_01jd3c6v9kx2m8r4t7w0/access`,
  },
  'deletion-undone': {
    title: 'Maras Teehaus & Söhne',
    sentence: 'Your shop is open again, as it was before.',
    storeUrl: `${PANEL}/stores/sto_01jd3c6v9kx2m8r4t7w0`,
  },
  deleted: { title: 'Maras Teehaus & Söhne', name: 'teehaus', dashboardUrl: `${PANEL}/dashboard` },
  'second-factor-changed': {
    email: 'mara@example.com',
    change: 'added',
    factor: 'an authenticator app',
    when: '25 Nov 2026, 17:26 UTC',
    where: 'Firefox on Windows, 203.0.113.7',
    resetUrl: `${PANEL}/forgot-password`,
  },
  'new-device': {
    email: 'mara@example.com',
    when: '25 Nov 2026, 17:26 UTC',
    where: 'Firefox on Windows, 203.0.113.7',
    sessionsUrl: `${PANEL}/account/sessions`,
    resetUrl: `${PANEL}/forgot-password`,
  },
  'api-token-made': {
    email: 'mara@example.com',
    name: 'nightly report',
    scopes: 'stores:read, domains:read',
    until: '23 Feb 2027, 17:26 UTC',
    when: '25 Nov 2026, 17:26 UTC',
    where: 'Firefox on Windows, 203.0.113.7',
    accountUrl: `${PANEL}/account/tokens`,
  },
  'recovery-code-used': {
    email: 'mara@example.com',
    left: '9',
    when: '25 Nov 2026, 17:26 UTC',
    where: 'Firefox on Windows, 203.0.113.7',
    securityUrl: `${PANEL}/account/security`,
  },
  'webhook-switched-off': {
    name: 'Order books',
    host: 'hooks.teehaus.example',
    sentence: 'It has taken nothing for five days.',
    webhooksUrl: `${PANEL}/account/webhooks`,
  },
  test: { publicUrl: `${PANEL}/`, sentAt: '2026-11-25 10:00 UTC' },
};
