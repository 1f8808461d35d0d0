import { Button, TextInput } from '@mantine/core';
import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
  useNavigation,
} from 'react-router';
import type { DeskPool, DeskPoolMember } from '../../services/desk.ts';
import { type DataColumn, DataTable } from '../components/data-table.tsx';
import { DeskFrame } from '../components/desk-frame.tsx';
import { ErrorSummary } from '../components/error-summary.tsx';
import { fieldProps } from '../components/field.ts';
import { Icon } from '../components/icon.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { TimeAgo } from '../components/time-ago.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, type Refusal, refuse, textOf } from '../request/form.ts';
import { pageOf } from '../request/page-of.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';
import { planTitle } from '../words/plans.ts';
import { platformTitle } from '../words/platforms.ts';
import { countInWords } from '../words/runs.ts';
import type { Wording } from '../words/statuses.ts';
import './pool.css';

const MEMBER_WORDING: Readonly<Record<string, Wording>> = {
  ready: { word: 'Waits for an owner', icon: 'done', tone: 'good' },
  making: { word: 'Being made', icon: 'running', tone: 'busy' },
  leaving: { word: 'Leaving', icon: 'trash', tone: 'quiet' },
  aside: { word: 'Set aside: somebody’s', icon: 'alert', tone: 'bad' },
};
const UNKNOWN: Wording = { word: 'Unknown', icon: 'hourglass', tone: 'quiet' };
const LONGEST_SIZE = 4;

export const meta = () => [{ title: deskPageTitle('Made ahead') }];

export async function loader({ context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  return orProblem(page, page.services.desk.pool());
}

/** As `shopctl pool resize` and `drain`. */
export async function action({ request, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const form = await formOf(request);
  const pool = { platform: textOf(form, 'platform'), plan: textOf(form, 'plan') };
  const size = textOf(form, 'size').trim();
  const back = (told: string) => redirect('/admin/pool', { status: 303, headers: flash(page, told) });
  try {
    if (textOf(form, 'intent') === 'drain') {
      const drained = await page.services.desk.drainPool(page.origin, pool);
      return back(drained === 0 ? 'Nothing waited.' : `${countInWords(drained, 'shop')} will be thrown away.`);
    }
    await page.services.desk.resizePool(page.origin, pool, size);
    return back('The size is kept. Shops are made one by one, while no customer waits.');
  } catch (thrown) {
    const field = fieldOf(pool);
    return refuse(problemOf(thrown, page), { values: { [field]: size }, fieldNames: { size: field } });
  }
}

export default function Pool() {
  const { pools, members } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  const ready = pools.reduce((sum, pool) => sum + pool.ready, 0);
  return (
    <DeskFrame
      tab="pool"
      title="Made ahead"
      about={
        ready === 0
          ? 'None is ready: the next store is copied, or installed.'
          : `${countInWords(ready, 'shop')} ready. An order of the same platform and plan gets one at once.`
      }
    >
      <ErrorSummary refusal={refusal} />
      {pools.length === 0 ? (
        <p className="soft">No platform here has shops that are made ahead.</p>
      ) : (
        <div className="stack">
          <p className="soft">
            How many should wait is a number, or “auto”: by how many stores are ordered. Draining throws away what
            waits; new ones are made.
          </p>
          <DataTable
            caption="How many wait, by platform and plan"
            columns={columnsOf(refusal)}
            rows={pools}
            keyOf={fieldOf}
          />
        </div>
      )}
      <h2 className="desk-subtitle">What is there</h2>
      {members.length === 0 ? (
        <p className="soft row">
          <Icon name="hourglass" /> Nothing waits, and nothing is being made.
        </p>
      ) : (
        <DataTable caption="Shops that nobody has yet" columns={COLUMNS} rows={members} keyOf={({ id }) => id} />
      )}
    </DeskFrame>
  );
}

const COLUMNS: readonly DataColumn<DeskPoolMember>[] = [
  { title: 'Shop', cell: ({ id }) => <code>{id}</code> },
  { title: 'Platform', cell: ({ platform }) => platformTitle(platform) },
  { title: 'Plan', cell: ({ plan }) => planTitle({ name: plan }) },
  { title: 'State', cell: ({ status }) => <StatusBadge wording={MEMBER_WORDING[status] ?? UNKNOWN} /> },
  { title: 'Begun', cell: ({ createdAt }) => <TimeAgo at={createdAt} /> },
  { title: 'Ready', cell: ({ readyAt }) => (readyAt === null ? 'not yet' : <TimeAgo at={readyAt} />) },
];

const columnsOf = (refusal: Refusal | undefined): readonly DataColumn<DeskPool>[] => [
  { title: 'Platform', cell: ({ platform }) => platformTitle(platform) },
  { title: 'Plan', cell: ({ plan }) => planTitle({ name: plan }) },
  { title: 'Ready', isNumber: true, cell: ({ ready, wished }) => `${ready} of ${wished}` },
  { title: 'Being made', isNumber: true, cell: ({ making }) => making },
  { title: 'Leaving', isNumber: true, cell: ({ leaving }) => leaving },
  { title: 'Should wait', cell: (pool) => <SizeForm pool={pool} refusal={refusal} /> },
  { title: 'Drain', cell: (pool) => <DrainForm pool={pool} /> },
];

const fieldOf = ({ platform, plan }: { readonly platform: string; readonly plan: string }): string =>
  `size-${platform}-${plan}`;
const nameOf = ({ platform, plan }: DeskPool): string => `${platformTitle(platform)}, ${planTitle({ name: plan })}`;

function SizeForm({ pool, refusal }: { readonly pool: DeskPool; readonly refusal: Refusal | undefined }) {
  const field = fieldOf(pool);
  const kept = pool.sizedBy === 'auto' ? 'auto' : String(pool.wished);
  return (
    <Form method="post" className="row pool-size" aria-label={`Size of the pool of ${nameOf(pool)}`}>
      <PoolInputs pool={pool} />
      <TextInput
        {...fieldProps(field, refusal)}
        name="size"
        defaultValue={refusal?.values[field] ?? kept}
        aria-label={`How many of ${nameOf(pool)} should wait`}
        maxLength={LONGEST_SIZE}
        autoComplete="off"
      />
      <Button type="submit" variant="default" loading={useNavigation().state !== 'idle'}>
        Save
      </Button>
    </Form>
  );
}

function DrainForm({ pool }: { readonly pool: DeskPool }) {
  return (
    <Form method="post" aria-label={`Drain the pool of ${nameOf(pool)}`}>
      <PoolInputs pool={pool} />
      <input type="hidden" name="intent" value="drain" />
      <Button
        type="submit"
        variant="default"
        loading={useNavigation().state !== 'idle'}
        disabled={pool.ready === 0}
        leftSection={<Icon name="trash" />}
      >
        Drain
      </Button>
    </Form>
  );
}

function PoolInputs({ pool: { platform, plan } }: { readonly pool: DeskPool }) {
  return (
    <>
      <input type="hidden" name="platform" value={platform} />
      <input type="hidden" name="plan" value={plan} />
    </>
  );
}
