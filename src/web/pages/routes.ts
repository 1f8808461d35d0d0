import { index, layout, type RouteConfig, route } from '@react-router/dev/routes';

/** Every page, under the layout that says who may call it; the layout's middleware holds the door. */
export default [
  layout('access/anyone.tsx', [
    index('landing.tsx'),
    // Also for customers: who posts the form twice gets the same answer twice.
    route('signup', 'sign-up.tsx'),
    route('logout', 'log-out.tsx'),
    route('theme', 'theme.ts'),
    // Also when the session in a customer's place has ended by itself.
    route('acting/stop', 'acting-stop.ts'),
    route('forgot-password', 'forgot-password.tsx'),
    route('reset-password', 'reset-password.tsx'),
    route('restore-email', 'restore-email.tsx'),
    route('*', 'not-found.tsx'),
  ]),
  layout('access/guests.tsx', [route('login', 'log-in.tsx')]),
  layout('access/customers.tsx', [
    route('dashboard', 'dashboard.tsx'),
    route('find', 'find.tsx'),
    route('stores/:storeId', 'store/overview.tsx'),
    route('stores/:storeId/domains', 'store/domains.tsx'),
    route('stores/:storeId/domains/:hostname/remove', 'store/remove-domain.tsx'),
    route('stores/:storeId/activity', 'store/activity.tsx'),
    route('account', 'account/profile.tsx'),
    route('account/security', 'account/security.tsx'),
    route('account/password', 'account/password.tsx'),
    route('account/email', 'account/email.tsx'),
    route('account/verification', 'account/verification.ts'),
    route('verify-email', 'verify-email.tsx'),
    route('step-up', 'step-up.tsx'),
    route('stores/:storeId/logs', 'store/logs.tsx'),
    route('stores/:storeId/access', 'store/access.tsx'),
    route('stores/:storeId/open-admin', 'store/open-admin.tsx'),
    route('stores/:storeId/credentials', 'credentials.ts'),
    route('stores/:storeId/retry', 'retry.ts'),
  ]),
  layout('access/operators.tsx', [
    route('admin', 'admin/overview.tsx'),
    route('admin/customers', 'admin/customers.tsx'),
    route('admin/customers/:customerId', 'admin/customer.tsx'),
    route('admin/customers/:customerId/act-as', 'admin/act-as.tsx'),
    route('admin/stores', 'admin/stores.tsx'),
    route('admin/stores/:storeId', 'admin/store.tsx'),
    route('admin/stores/:storeId/act', 'admin/store-act.ts'),
    route('admin/stores/:storeId/undo', 'admin/undo.tsx'),
    route('admin/runs', 'admin/runs.tsx'),
    route('admin/runs/:runId', 'admin/run.tsx'),
    route('admin/ledger', 'admin/ledger.tsx'),
    route('admin/ledger/export', 'admin/ledger-export.ts'),
    route('admin/settings', 'admin/settings.tsx'),
  ]),
] satisfies RouteConfig;
