import { z } from 'zod';
import { SCOPE_NAMES, TOKEN_DAYS } from '../../../domain/api-token.ts';
import { moment } from './common.ts';

export const ACCOUNT = z
  .object({
    id: z.string(),
    email: z.string(),
    isVerified: z.boolean(),
    role: z.enum(['customer', 'operator']),
    hasSecondFactor: z.boolean(),
    deletionAt: moment().nullable(),
  })
  .meta({ id: 'Account' });

export const SESSION = z
  .object({
    id: z.string(),
    device: z.string(),
    address: z.string().nullable(),
    signedInAt: moment(),
    lastUsedAt: moment(),
    isThis: z.boolean(),
  })
  .meta({ id: 'Session' });

export const SECOND_FACTORS = z
  .object({
    totpSince: moment().nullable(),
    passkeys: z.array(z.object({ id: z.string(), name: z.string(), createdAt: moment(), usedAt: moment().nullable() })),
    recoveryCodesLeft: z.number().int(),
  })
  .meta({ id: 'SecondFactors' });

export const TOKEN = z
  .object({
    id: z.string(),
    name: z.string(),
    hint: z.string().meta({ description: 'How it begins.' }),
    scopes: z.array(z.enum(SCOPE_NAMES)),
    createdAt: moment(),
    expiresAt: moment(),
    usedAt: moment().nullable(),
    usedFrom: z.string().nullable(),
    isExpired: z.boolean(),
  })
  .meta({ id: 'Token' });

export const NEW_TOKEN = z.strictObject({
  name: z.string().max(200),
  scopes: z.array(z.enum(SCOPE_NAMES)).min(1).max(SCOPE_NAMES.length),
  days: z.number().int().min(TOKEN_DAYS.least).max(TOKEN_DAYS.most).default(TOKEN_DAYS.usual),
});
