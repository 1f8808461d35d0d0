import { startTransition } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { HydratedRouter } from 'react-router/dom';
import { AnswerContext } from './components/answer-facts.ts';

const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;

startTransition(() => {
  hydrateRoot(
    document,
    <AnswerContext value={{ nonce }}>
      <HydratedRouter />
    </AnswerContext>,
  );
});
