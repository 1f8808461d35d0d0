import { Outlet } from 'react-router';

export { ProblemPage as ErrorBoundary } from '../components/problem-page.tsx';

/** Pages for everybody. */
export default function Anyone() {
  return <Outlet />;
}
