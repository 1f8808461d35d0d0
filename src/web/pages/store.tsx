import {
  type ClientLoaderFunctionArgs,
  isRouteErrorResponse,
  type LoaderFunctionArgs,
  useLoaderData,
} from 'react-router';
import type { StoreDetails } from '../services.ts';
import { StoreInProgress } from './components/store-in-progress.tsx';
import { StoreOverview } from './components/store-overview.tsx';
import { customerOf } from './request/customer-of.ts';
import { orProblem } from './request/problem.ts';
import { asItStands, progressTitle } from './words/progress.ts';

export const meta = ({ loaderData }: { readonly loaderData?: { readonly details: StoreDetails } | undefined }) => [
  { title: loaderData === undefined ? 'ShopHosting' : `${progressTitle(loaderData.details)} · ShopHosting` },
];

export async function loader({ params, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const details = asItStands(
    await orProblem(page, page.services.stores.get(page.session.customerId, params['storeId'] ?? '')),
  );
  return { details, email: page.session.email, at: Date.now(), isCurrent: true };
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

export default function StorePage() {
  const shown = useLoaderData<typeof loader>();
  const { status } = shown.details.store;
  const isUnderWay = status === 'pending' || status === 'provisioning' || status === 'failed';
  return isUnderWay ? <StoreInProgress {...shown} /> : <StoreOverview details={shown.details} />;
}
