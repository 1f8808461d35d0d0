import type { Generated } from 'kysely';
import type { MailTlsMode } from '../../domain/store-mail.ts';

/** What an owner sets in a shop; part of `Schema`. */
export interface StoreMailTable {
  readonly store_id: string;
  readonly sender_name: string | null;
  readonly reply_to: string | null;
  /** Null, and what follows too: the platform's own way. */
  readonly host: string | null;
  readonly port: number | null;
  readonly tls: MailTlsMode | null;
  readonly user_name: string | null;
  readonly from_address: string | null;
  readonly changed_at: Date;
}

/** How a shop said that it is set; part of `Schema`. */
export interface StoreSettingsTable {
  readonly store_id: string;
  readonly timezone: string;
  readonly locale: string;
  readonly country: string | null;
  readonly currency: string | null;
  readonly maintenance: Generated<'on' | 'off' | null>;
  readonly locales_json: string;
  /** By what its PHP goes; null where it can be told nothing of that kind. */
  readonly php_json: Generated<string | null>;
  /** The run that last set something, so that one that is resumed knows its own. */
  readonly run_id: Generated<string | null>;
  readonly read_at: Date;
}

/** What one request may take, where an owner has chosen; part of `Schema`. */
export interface StorePhpLimitsTable {
  readonly store_id: string;
  readonly memory_mb: number;
  readonly upload_mb: number;
  readonly seconds: number;
  readonly input_vars: number;
  /** The run that brought them down to what a smaller plan allows, so that one that is resumed knows its own. */
  readonly lowered_by: string | null;
  readonly changed_at: Date;
}
