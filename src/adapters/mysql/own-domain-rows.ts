import type { Selectable } from 'kysely';
import type { CertificateNote, Diagnosis, FoundRecords, OwnDomain } from '../../domain/own-domains.ts';
import { readJson } from './json-columns.ts';
import type { Schema } from './schema.ts';

/** Written by `writeJson` of what they are read as, so their shapes are known. */
export function toOwnDomain(row: Selectable<Schema['own_domains']>): OwnDomain {
  return {
    id: row.id,
    storeId: row.store_id,
    hostname: row.hostname,
    state: row.state,
    token: row.token,
    isRedirecting: row.is_redirecting === 1,
    isLeaving: row.is_leaving === 1,
    diagnoses: readJson(row.diagnoses_json) as Diagnosis[],
    found: row.found_json === null ? null : (readJson(row.found_json) as FoundRecords | null),
    certificate: row.certificate_json === null ? null : (readJson(row.certificate_json) as CertificateNote | null),
    quietLooks: row.quiet_looks,
    createdAt: row.created_at,
    checkedAt: row.checked_at,
    nextCheckAt: row.next_check_at,
    provenAt: row.proven_at,
    validAt: row.valid_at,
    strayedAt: row.strayed_at,
  };
}
