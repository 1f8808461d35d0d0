import {
  type ClientLoaderFunctionArgs,
  isRouteErrorResponse,
  type LoaderFunctionArgs,
  redirect,
  useLoaderData,
} from 'react-router';
import type { StoreDetails } from '../../services.ts';
import { StoreFrame } from '../components/store-frame.tsx';
import { StoreGoing } from '../components/store-going.tsx';
import { StoreInProgress } from '../components/store-in-progress.tsx';
import { StoreOverview } from '../components/store-overview.tsx';
import { customerOf } from '../request/customer-of.ts';
import { orProblem } from '../request/problem.ts';
import { asItStands, progressTitle } from '../words/progress.ts';

export const meta = ({ loaderData }: { readonly loaderData?: { readonly details: StoreDetails } | undefined }) => [
  { title: loaderData === undefined ? 'ShopHosting' : `${progressTitle(loaderData.details)} · ShopHosting` },
];

export async function loader({ params, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const { customerId, email } = page.session;
  const { stores } = page.services;
  const [found, siblings] = await orProblem(
    page,
    Promise.all([stores.get(customerId, params['storeId'] ?? ''), stores.siblings(customerId)]),
  );
  return { details: asItStands(found), siblings, email, at: Date.now(), isCurrent: true };
}

type Shown = Awaited<ReturnType<typeof loader>>;
const lastShown = new Map<string, Shown>();

/** While the platform restarts or the line is down, what was seen last stays; everything else is as the server says. */
export async function clientLoader({ params, serverLoader }: ClientLoaderFunctionArgs): Promise<Shown> {
  const storeId = params['storeId'] ?? '';
  try {
    const shown = await serverLoader<typeof loader>();
    lastShown.set(storeId, shown);
    return shown;
  } catch (thrown) {
    const shown = lastShown.get(storeId);
    // What was being taken down is gone: that is how it ends, and no mistake.
    if (shown?.details.store.status === 'deleting' && isRouteErrorResponse(thrown) && thrown.status === 404) {
      throw redirect('/dashboard');
    }
    if (shown === undefined || !isOutage(thrown)) throw thrown;
    return { ...shown, isCurrent: false };
  }
}

// What the page came with is the first thing to keep.
clientLoader.hydrate = true as const;

/** Nobody answered, or somebody in between did. */
function isOutage(thrown: unknown): boolean {
  return isRouteErrorResponse(thrown) ? thrown.status >= 500 : thrown instanceof Error;
}

export default function OverviewPage() {
  const { details, siblings, ...shown } = useLoaderData<typeof loader>();
  const { store } = details;
  const isUnderWay = store.status === 'pending' || store.status === 'provisioning' || store.status === 'failed';
  return (
    <StoreFrame store={store} siblings={siblings} tab="overview" hasOwnHead={isUnderWay}>
      {store.status === 'deleting' && <StoreGoing details={details} at={shown.at} />}
      {isUnderWay ? <StoreInProgress details={details} {...shown} /> : <StoreOverview details={details} />}
    </StoreFrame>
  );
}
