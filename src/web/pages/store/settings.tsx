import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect, useActionData, useLoaderData } from 'react-router';
import { PAGE_CACHE_FIELDS } from '../../../domain/page-cache.ts';
import { PHP_LIMIT_NAMES, type PhpLimitName } from '../../../domain/php-limits.ts';
import { isProofFresh } from '../../../domain/proof.ts';
import { SHOP_SETTING_NAMES, type ShopSettingName } from '../../../domain/shop-settings.ts';
import { STORE_MAIL_FIELDS } from '../../../domain/store-mail.ts';
import { DangerZone } from '../components/danger-zone.tsx';
import { ErrorSummary } from '../components/error-summary.tsx';
import { MaintenanceSection } from '../components/maintenance-section.tsx';
import { PageCacheSection } from '../components/page-cache-section.tsx';
import { PhpLimitsSection } from '../components/php-limits-section.tsx';
import { PlanSection } from '../components/plan-section.tsx';
import { ShopSettingsSection } from '../components/shop-settings-section.tsx';
import { StoreFrame } from '../components/store-frame.tsx';
import { StoreMailSection } from '../components/store-mail-section.tsx';
import { UnsavedGuard } from '../components/unsaved-guard.tsx';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { planProblemOf } from '../request/plan-problem.ts';
import { orProblem } from '../request/problem.ts';
import { requireFresh } from '../request/require-fresh.ts';
import { storeFrameOf } from '../request/store-frame-of.ts';
import { trialInWords } from '../words/mail-trial.ts';
import { shopChoices } from '../words/shop-settings.ts';
import { storePageTitle, tabUrl } from '../words/store-tabs.ts';

export const meta = ({ loaderData }: { readonly loaderData?: Awaited<ReturnType<typeof loader>> | undefined }) => [
  { title: storePageTitle('Settings', loaderData?.store) },
];

export async function loader({ params, context }: LoaderFunctionArgs) {
  const page = customerOf(context);
  const frame = await storeFrameOf(page, params['storeId'], 'settings');
  const { customerId } = page.session;
  const { life, settings } = page.services;
  const { id } = frame.store;
  const [plans, shop, mail, traffic, cache] = await orProblem(
    page,
    Promise.all([
      life.planChoices(customerId, id),
      settings.shop(customerId, id),
      settings.mail(customerId, id),
      settings.mailTraffic(customerId, id),
      settings.pageCache(customerId, id),
    ]),
  );
  const isProven = isProofFresh(page.session.provenAt, new Date());
  // Made here: a browser may call countries and languages by other names.
  return { ...frame, plans, shop, mail, traffic, cache, isProven, choices: shopChoices(shop.now) };
}

interface Wish {
  readonly page: ReturnType<typeof customerOf>;
  readonly storeId: string;
  readonly form: FormData;
  readonly url: URL;
}

interface Section {
  readonly fields: readonly string[];
  ask(wish: Wish): Promise<string | undefined | void>;
}

/** A form with these settings of the shop. */
function settingShop(fields: readonly (ShopSettingName | PhpLimitName)[]): Section {
  return {
    fields,
    async ask({ page, storeId, form }) {
      const { customerId } = page.session;
      const isAsked = await page.services.settings.setShop(customerId, storeId, textsOf(form, fields), page.origin);
      return isAsked ? undefined : 'The shop is set so already.';
    },
  };
}

/** What each form of the page asks for, by what stands in its field `section`. */
const SECTIONS: Readonly<Record<string, Section>> = {
  plan: {
    fields: ['plan'],
    ask: ({ page, storeId, form }) =>
      page.services.life.resize(page.session.customerId, storeId, textOf(form, 'plan'), page.origin),
  },
  pause: {
    fields: [],
    ask: ({ page, storeId }) => page.services.life.pause(page.session.customerId, storeId, page.origin),
  },
  restart: {
    fields: [],
    ask: ({ page, storeId }) => page.services.life.restart(page.session.customerId, storeId, page.origin),
  },
  resume: {
    fields: [],
    ask: ({ page, storeId }) => page.services.life.resume(page.session.customerId, storeId, page.origin),
  },
  mail: {
    fields: STORE_MAIL_FIELDS,
    async ask({ page, storeId, form, url }) {
      requireFresh(page, url);
      await page.services.settings.setMail(page.token, storeId, textsOf(form, STORE_MAIL_FIELDS), page.visitor);
      return 'Saved. Send yourself a test to see that mail arrives.';
    },
  },
  'mail-test': {
    fields: [],
    ask: async ({ page, storeId }) =>
      trialInWords(await page.services.settings.tryMail(page.token, storeId, page.visitor)),
  },
  'page-cache': {
    fields: PAGE_CACHE_FIELDS,
    async ask({ page, storeId, form }) {
      await page.services.settings.setPageCache(page.token, storeId, textsOf(form, PAGE_CACHE_FIELDS), page.visitor);
      return 'Saved. It holds from now on.';
    },
  },
  'page-cache-purge': {
    fields: [],
    async ask({ page, storeId }) {
      await page.services.settings.emptyPageCache(page.token, storeId, page.visitor);
      return 'Emptied. Visitors see what the shop shows now.';
    },
  },
  shop: settingShop(SHOP_SETTING_NAMES.filter((name) => name !== 'maintenance')),
  maintenance: settingShop(['maintenance']),
  php: settingShop(PHP_LIMIT_NAMES),
};

function textsOf(form: FormData, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, textOf(form, name)]));
}

/** What the form shows again: never a password. */
const valuesOf = (form: FormData, names: readonly string[]): Record<string, string> =>
  textsOf(
    form,
    names.filter((name) => name !== 'password'),
  );

/** Which section was sent stands in `section`; each is a form of its own. */
export async function action({ params, request, url, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const storeId = params['storeId'] ?? '';
  const form = await formOf(request);
  const name = textOf(form, 'section');
  const section = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined;
  if (section === undefined) throw redirect(tabUrl(storeId, 'settings'), 303);
  let said: string | undefined | void;
  try {
    said = await section.ask({ page, storeId, form, url });
  } catch (thrown) {
    if (thrown instanceof Response) throw thrown;
    const fieldNames = Object.fromEntries(section.fields.map((field) => [field, field]));
    return refuse(planProblemOf(thrown, page), { values: valuesOf(form, section.fields), fieldNames });
  }
  return redirect(tabUrl(storeId, 'settings'), {
    status: 303,
    headers: flash(page, said ?? 'Done as soon as you see it below.'),
  });
}

export default function SettingsPage() {
  const { store, siblings, plans, shop, mail, traffic, cache, isProven, choices } = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  return (
    <StoreFrame store={store} siblings={siblings} tab="settings">
      <div className="stack">
        <ErrorSummary refusal={refusal} />
        <UnsavedGuard refusal={refusal}>
          <ShopSettingsSection store={store} settings={shop} choices={choices} refusal={refusal} />
          <StoreMailSection
            store={store}
            mail={mail}
            traffic={traffic}
            refusal={refusal}
            proofUrl={isProven ? undefined : `/step-up?next=${encodeURIComponent(tabUrl(store.id, 'settings'))}`}
          />
          <PhpLimitsSection store={store} settings={shop} refusal={refusal} />
          <PageCacheSection store={store} cache={cache} refusal={refusal} />
          <MaintenanceSection store={store} settings={shop} />
          <PlanSection store={store} plans={plans} error={refusal?.errors['plan']} />
          <DangerZone store={store} />
        </UnsavedGuard>
      </div>
    </StoreFrame>
  );
}
