import { Button, NativeSelect, TextInput } from '@mantine/core';
import {
  type ActionFunctionArgs,
  Form,
  type LoaderFunctionArgs,
  redirect,
  useActionData,
  useLoaderData,
  useNavigation,
} from 'react-router';
import { DeskCard } from '../components/desk-card.tsx';
import { DeskFrame } from '../components/desk-frame.tsx';
import { ErrorSummary } from '../components/error-summary.tsx';
import { fieldProps } from '../components/field.ts';
import { customerOf } from '../request/customer-of.ts';
import { flash } from '../request/flash.ts';
import { formOf, refuse, textOf } from '../request/form.ts';
import { pageOf } from '../request/page-of.ts';
import { orProblem, problemOf } from '../request/problem.ts';
import { deskPageTitle } from '../words/desk-tabs.ts';
import { planTitle } from '../words/plans.ts';

const FIELD_NAMES = { signUpsSentence: 'sentence', banner: 'banner', defaultPlan: 'plan' };
const LONGEST = 300;

export const meta = () => [{ title: deskPageTitle('Settings') }];

export async function loader({ context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  return orProblem(page, page.services.desk.settings());
}

export async function action({ request, context }: ActionFunctionArgs) {
  const page = customerOf(context);
  const form = await formOf(request);
  const [sentence, banner, plan] = ['sentence', 'banner', 'plan'].map((name) => textOf(form, name));
  const signUps = textOf(form, 'sign_ups');
  try {
    await page.services.desk.changeSettings(page.origin, {
      signUpsOpen: signUps !== 'closed',
      signUpsSentence: sentence ?? '',
      banner: banner ?? '',
      defaultPlan: plan ?? '',
    });
    return redirect('/admin/settings', { status: 303, headers: flash(page, 'The settings are kept.') });
  } catch (thrown) {
    const values = { sentence: sentence ?? '', banner: banner ?? '', plan: plan ?? '', sign_ups: signUps };
    return refuse(problemOf(thrown, page), { values, fieldNames: FIELD_NAMES });
  }
}

export default function Settings() {
  const settings = useLoaderData<typeof loader>();
  const refusal = useActionData<typeof action>();
  const busy = useNavigation().state !== 'idle';
  return (
    <DeskFrame tab="settings" title="Settings" about="What you set here, everybody feels within seconds.">
      <Form method="post" className="stack desk-form" aria-label="Settings">
        <ErrorSummary refusal={refusal} />
        <DeskCard id="sign-ups" title="Sign-ups">
          <div className="stack">
            <NativeSelect
              name="sign_ups"
              label="New customers and stores"
              defaultValue={refusal?.values['sign_ups'] ?? (settings.signUpsOpen ? 'open' : 'closed')}
              data={[
                { value: 'open', label: 'Open' },
                { value: 'closed', label: 'Closed' },
              ]}
            />
            <TextInput
              {...keptField('sentence', settings.signUpsSentence, refusal)}
              label="What visitors read while they are closed"
              description="Left empty, they read a sentence of ours."
              maxLength={LONGEST}
              autoComplete="off"
            />
            <NativeSelect
              {...keptField('plan', settings.defaultPlan, refusal)}
              label="Plan of those who choose none"
              data={settings.plans.map((name) => ({ value: name, label: planTitle({ name }) }))}
            />
          </div>
        </DeskCard>
        <DeskCard id="banner-card" title="Banner">
          <TextInput
            {...keptField('banner', settings.banner, refusal)}
            label="On top of every page"
            description="For maintenance, say when and what it means for shops. Left empty, there is none."
            placeholder="On Sunday from 02:00 to 02:30 UTC this panel is away. Shops stay open."
            maxLength={LONGEST}
            autoComplete="off"
          />
        </DeskCard>
        <div>
          <Button type="submit" loading={busy}>
            Save settings
          </Button>
        </div>
      </Form>
    </DeskFrame>
  );
}

function keptField(name: string, value: string, refusal: Parameters<typeof fieldProps>[1]) {
  return { defaultValue: value, ...fieldProps(name, refusal) };
}
