import { createContext, useContext } from 'react';
import { useRouteLoaderData } from 'react-router';
import type { FooterLinks } from '../../../domain/footer-links.ts';
import type { ThemeChoice } from '../../page-context.ts';
import type { Acting } from './acting-banner.tsx';

/** What is known of an answer before any loader has run; in the browser, no more than the nonce is. */
export interface AnswerFacts {
  readonly nonce: string | undefined;
  readonly page?: {
    readonly email: string | null;
    readonly isOperator: boolean;
    readonly acting: Acting | null;
    readonly theme: ThemeChoice;
    readonly requestId: string;
    readonly support: string | null;
    readonly links: FooterLinks;
    readonly termsUrl: string | null;
  };
}

type FooterFacts = Pick<NonNullable<AnswerFacts['page']>, 'links' | 'support' | 'termsUrl'>;

export const AnswerContext = createContext<AnswerFacts>({ nonce: undefined });

/** Of this answer: the root loader's data where it ran, else what the server knew before. */
export function useAnswerFacts(): AnswerFacts {
  return useContext(AnswerContext);
}

/** Whom customers write to for help; `null` where nobody is named. */
export function useSupport(): string | null {
  const root = useRouteLoaderData<{ readonly support: string | null } | undefined>('root');
  const { page } = useAnswerFacts();
  return root?.support ?? page?.support ?? null;
}

/** What the foot of every page leads to; undefined where nothing is known of that. */
export function useFooterFacts(): FooterFacts | undefined {
  const root = useRouteLoaderData<FooterFacts | undefined>('root');
  const { page } = useAnswerFacts();
  return root ?? page;
}
