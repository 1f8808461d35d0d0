import {
  type ClientLoaderFunctionArgs,
  isRouteErrorResponse,
  type LoaderFunctionArgs,
  redirect,
  useLoaderData,
} from 'react-router';
import { isBeingMade } from '../../../domain/lifecycle.ts';
import type { ActivityPage } from '../../services/ledger.ts';
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
  const details = asItStands(found);
  const lately = isBeingMade(details.store.status) ? null : await orProblem(page, latelyOf(page, details.store.id));
  return { details, siblings, lately, email, at: Date.now(), isCurrent: true };
}

const FEW = 5;

async function latelyOf({ services, session }: ReturnType<typeof customerOf>, storeId: string): Promise<ActivityPage> {
  const { lines } = await services.ledger.storeActivity(session.customerId, storeId, { before: undefined });
  return { lines: lines.slice(0, FEW), before: null };
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
  const { details, siblings, lately, ...shown } = useLoaderData<typeof loader>();
  const { store } = details;
  return (
    <StoreFrame store={store} siblings={siblings} tab="overview" hasOwnHead={lately === null}>
      {store.status === 'deleting' && <StoreGoing details={details} at={shown.at} isCurrent={shown.isCurrent} />}
      {lately === null ? (
        <StoreInProgress details={details} {...shown} />
      ) : (
        <StoreOverview details={details} lately={lately} />
      )}
    </StoreFrame>
  );
}
