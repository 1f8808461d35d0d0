import { typeid } from 'typeid-js';
export type IdPrefix =
  | 'sto'
  | 'run'
  | 'cus'
  | 'msg'
  | 'wrk'
  | 'ses'
  | 'req'
  | 'dom'
  | 'pky'
  | 'whe'
  | 'whd'
  | 'evt'
  | 'tok';

/** A new id such as `sto_01jd…`: lowercase, sorts by time of making, never made twice. Safe as a Compose project name. */
export function newId(prefix: IdPrefix): string {
  return typeid(prefix).toString();
}
