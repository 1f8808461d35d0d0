import type { LoaderFunctionArgs } from 'react-router';
import { listWishOf } from '../request/list-wish.ts';
import { pageOf } from '../request/page-of.ts';

/** Every line that fits, in a file; sent piece by piece, so that a long ledger needs no more memory than a short one. */
export function loader({ url, context }: LoaderFunctionArgs) {
  const { services } = pageOf(context);
  const pieces = services.desk.ledgerCsv(listWishOf(url))[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done === true) return controller.close();
      controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return?.();
    },
  });
  return new Response(body, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': 'attachment; filename="ledger.csv"',
    },
  });
}
