import { Button } from '@mantine/core';
import { Link, type LoaderFunctionArgs, useLoaderData } from 'react-router';
import { planWithoutWish } from '../../domain/plans.ts';
import { Notice } from './components/notice.tsx';
import { ProgressPicture } from './components/progress-picture.tsx';
import { StorePicture } from './components/store-picture.tsx';
import { WhatYouGet } from './components/what-you-get.tsx';
import { pageOf } from './request/page-of.ts';
import { orProblem } from './request/problem.ts';
import { monthlyPrice, planLimits, pricesAbove } from './words/plans.ts';
import { platformsInWords, usuallyInWords } from './words/platforms.ts';
import './landing.css';

export const handle = { withoutScripts: true };

export const meta = () => [
  { title: 'ShopHosting: an online store of your own' },
  { name: 'description', content: 'A complete online store with its own address and HTTPS, made while you watch.' },
];

export async function loader({ context }: LoaderFunctionArgs) {
  const page = pageOf(context);
  const offer = await orProblem(page, page.services.offer());
  return {
    closed: offer.closed,
    plan: planWithoutWish(offer.plans, 0) ?? null,
    dearer: pricesAbove(offer),
    platforms: platformsInWords(offer.platforms),
    usually: usuallyInWords(offer.platforms),
    hostSuffix: page.services.facts.hostSuffix,
    isCustomer: page.session !== undefined,
  };
}

export default function Landing() {
  const { closed, plan, dearer, platforms, usually, hostSuffix, isCustomer } = useLoaderData<typeof loader>();
  return (
    <div className="landing">
      <section className="hero">
        <div className="hero-text">
          <h1>A store of your own, made while you watch.</h1>
          <p className="hero-lead soft">
            Pick a name, press one button, and walk into a complete online store with its own address and HTTPS.
            {usually !== null && ` ${usually}`}
          </p>
          {closed === null ? null : (
            <Notice icon="clock" tone="waiting">
              <p>{closed}</p>
            </Notice>
          )}
          <div className="row">
            <Button component={Link} to={isCustomer ? '/dashboard' : '/signup'} size="lg">
              {isCustomer ? 'Your stores' : 'Create your store'}
            </Button>
            {plan !== null && (
              <p className="hero-price">
                <strong>{monthlyPrice(plan)}</strong> <span className="soft">a month</span>
                <br />
                <span className="small soft">{planLimits(plan)}</span>
                {dearer.map((price) => (
                  <span key={price} className="small soft hero-dearer">
                    {price}
                  </span>
                ))}
              </p>
            )}
          </div>
        </div>
        <ProgressPicture hostSuffix={hostSuffix} />
      </section>
      <StorePicture />
      <WhatYouGet hostSuffix={hostSuffix} platforms={platforms} />
    </div>
  );
}
