import { directive as d } from './config-facts.ts';
import { type Directive, type Leaf, literal } from './nginx-syntax.ts';

/** What nginx does not obey in a shop's answer: no shop's code steers this nginx. One list, since `more` replaces no part of it. */
export function ignoredHeaders(...more: readonly Leaf[]): Directive {
  return d(
    'proxy_ignore_headers',
    literal('X-Accel-Redirect'),
    literal('X-Accel-Expires'),
    literal('X-Accel-Limit-Rate'),
    literal('X-Accel-Charset'),
    ...more,
  );
}
