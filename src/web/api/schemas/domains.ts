import { z } from 'zod';
import { DOMAIN_STATES } from '../../../domain/own-domains.ts';
import { moment } from './common.ts';
import { RUN_STATUS, STEP_STATUS } from './stores.ts';

export const DOMAIN = z
  .object({
    id: z.string(),
    storeId: z.string(),
    hostname: z.string(),
    url: z.string(),
    state: z.enum(DOMAIN_STATES),
    isPrimary: z.boolean(),
    isRedirecting: z.boolean().meta({ description: 'Visitors are sent on to the primary domain.' }),
    isLeaving: z.boolean(),
    records: z
      .array(
        z.object({
          purpose: z.enum(['proof', 'address', 'www']),
          type: z.enum(['TXT', 'A', 'AAAA', 'CNAME']),
          name: z.string(),
          label: z.string(),
          value: z.string(),
          ttl: z.number().int(),
          found: z.array(z.string()),
          status: z.enum(['right', 'wrong', 'missing', 'unknown']),
        }),
      )
      .meta({ description: 'What to set at the registrar, and what is there instead.' }),
    dnsHost: z
      .object({ name: z.string(), hint: z.string().nullable() })
      .nullable()
      .meta({ description: 'Who keeps the DNS of the domain, by its name servers; null where that is not known.' }),
    diagnoses: z.array(
      z.object({
        code: z.string(),
        isAdvice: z.boolean(),
        sentence: z.string(),
        fix: z.string(),
        found: z.array(z.string()),
        expected: z.array(z.string()),
      }),
    ),
    certificate: z
      .object({
        issuer: z.string().nullable(),
        isPubliclyTrusted: z.boolean(),
        notBefore: z.string().nullable(),
        notAfter: z.string().nullable(),
        lastTry: z.object({ at: z.string(), isDone: z.boolean(), reason: z.string().nullable() }).nullable(),
      })
      .nullable(),
    createdAt: moment(),
    checkedAt: moment().nullable(),
    nextCheckAt: moment(),
    provenAt: moment().nullable(),
    validAt: moment().nullable(),
    strayedAt: moment().nullable(),
  })
  .meta({ id: 'Domain' });

export const STORE_DOMAINS = z
  .object({
    platformName: z.string(),
    platformUrl: z.string(),
    primary: z.string(),
    wished: z.string().nullable(),
    domains: z.array(DOMAIN),
    change: z
      .object({
        to: z.string(),
        status: RUN_STATUS,
        steps: z.array(z.object({ name: z.string(), title: z.string(), status: STEP_STATUS })),
        reference: z.string(),
      })
      .nullable()
      .meta({ description: 'The last move to another primary domain.' }),
    most: z.number().int(),
  })
  .meta({ id: 'StoreDomains' });
