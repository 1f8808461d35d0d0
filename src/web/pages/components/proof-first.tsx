import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { stepUpUrl } from '../words/step-up.ts';

/**
 * In place of a form that needs a fresh proof, while there is none: what is typed into a form is lost on the way to the
 * proof, so that it is asked for first. `page`: where the form is.
 */
export function ProofFirst(props: { readonly page: string; readonly label: string; readonly children: string }) {
  return (
    <div className="stack">
      <p className="soft">{props.children} For that we ask first whether it is you.</p>
      <div>
        <Button component={Link} to={stepUpUrl(props.page)} variant="default">
          {props.label}
        </Button>
      </div>
    </div>
  );
}
