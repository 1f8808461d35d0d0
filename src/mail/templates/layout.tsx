import {
  Body,
  Button,
  Container,
  Head,
  Heading,
  Hr,
  Html,
  Link,
  Preview,
  Section,
  Text,
} from '@react-email/components';
import { createContext, Fragment, type ReactElement, type ReactNode, useContext } from 'react';

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Helvetica, Arial, sans-serif';

/** Light is inline, since many programs read nothing else; dark comes by class where it is understood. */
const DARK = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .paper, .paper > table > tbody > tr > td { background-color: #121817 !important; }
  .card { background-color: #1a2422 !important; border-color: #2a3d38 !important; }
  .ink { color: #e9efec !important; }
  .soft { color: #9fb0aa !important; }
  .link { color: #7cc7b4 !important; }
  .rule { border-color: #2a3d38 !important; }
  .press { background-color: #57a894 !important; color: #0d1614 !important; }
}
@media (max-width: 480px) {
  .card { padding: 28px 22px 16px !important; }
  .press { display: block !important; }
}
`;

/** Why somebody gets a mail about what was done with a store. */
export const BECAUSE_IT_IS_YOURS = 'You get this mail because this shop belongs to your account.';

/** Whom readers may write to for help; `null` where the operator names nobody. */
export const SupportContext = createContext<string | null>(null);

export interface LayoutProps {
  /** What a list of mails shows beside the subject. */
  readonly preview: string;
  readonly heading: string;
  /** Why the reader got this mail; one sentence. */
  readonly reason: string;
  readonly children: ReactNode;
}

/** The one look of all our mails: a card, a heading, words, and at its foot why it came. It loads nothing. */
export function Layout({ preview, heading, reason, children }: LayoutProps): ReactElement {
  const support = useContext(SupportContext);
  return (
    <Html lang="en">
      <Head>
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{heading}</title>
        <style>{DARK}</style>
      </Head>
      <Body className="paper" style={{ backgroundColor: '#f7f5f0', fontFamily: FONT, margin: 0, padding: '28px 12px' }}>
        <Preview>{preview}</Preview>
        <Container style={{ maxWidth: 560, width: '100%', margin: '0 auto' }}>
          <Text data-skip-in-text="true" className="soft" style={BRAND}>
            ShopHosting
          </Text>
          <Section className="card" style={CARD}>
            <Heading as="h1" className="ink" style={HEADING}>
              {heading}
            </Heading>
            {children}
          </Section>
          <Text className="soft" style={FOOT}>
            {reason}
            {support !== null && (
              <>
                <br />
                Questions? Write to{' '}
                <Link href={`mailto:${support}`} className="link" style={LINK}>
                  {support}
                </Link>
              </>
            )}
          </Text>
        </Container>
      </Body>
    </Html>
  );
}

export function Paragraph({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <Text className="ink" style={PARAGRAPH}>
      {children}
    </Text>
  );
}

/** The one thing to do next. */
export function Press({ href, children }: { readonly href: string; readonly children: string }): ReactElement {
  return (
    <Section style={{ padding: '10px 0 18px' }}>
      <Button href={href} className="press" style={PRESS}>
        {children}
      </Button>
    </Section>
  );
}

export interface Fact {
  readonly label: string;
  readonly value: string;
  /** Where the value leads. */
  readonly href?: string;
}

/** Small facts below a rule: what to keep this mail for. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }): ReactElement {
  return (
    <Section>
      <Hr className="rule" style={{ borderColor: '#e4dfd2', margin: '6px 0 20px' }} />
      <Text className="ink" style={FACTS}>
        {facts.map(({ label, value, href }, at) => (
          <Fragment key={label}>
            {at > 0 && <br />}
            <span className="soft" style={{ color: '#5c6a66' }}>
              {label}:
            </span>{' '}
            {href === undefined ? (
              <strong style={{ fontWeight: 600 }}>{value}</strong>
            ) : (
              <Link href={href} className="link" style={LINK}>
                {value}
              </Link>
            )}
          </Fragment>
        ))}
      </Text>
    </Section>
  );
}

const BRAND = {
  color: '#5c6a66',
  fontSize: 14,
  fontWeight: 600,
  letterSpacing: '0.02em',
  margin: '0 0 12px',
  textAlign: 'center',
} as const;
const CARD = {
  backgroundColor: '#fffdf8',
  border: '1px solid #e4dfd2',
  borderRadius: 14,
  padding: '36px 40px 24px',
} as const;
const HEADING = {
  color: '#23302d',
  fontSize: 24,
  lineHeight: '1.3',
  letterSpacing: '-0.01em',
  fontWeight: 650,
  margin: '0 0 18px',
  overflowWrap: 'anywhere',
} as const;
const PARAGRAPH = {
  color: '#23302d',
  fontSize: 16,
  lineHeight: '1.6',
  margin: '0 0 14px',
  overflowWrap: 'anywhere',
} as const;
const PRESS = {
  backgroundColor: '#2a7365',
  borderRadius: 999,
  color: '#ffffff',
  fontSize: 16,
  fontWeight: 600,
  padding: '13px 26px',
  textAlign: 'center',
  textDecoration: 'none',
} as const;
const FACTS = {
  color: '#23302d',
  fontSize: 15,
  lineHeight: '1.9',
  margin: '0 0 14px',
  overflowWrap: 'anywhere',
} as const;
const LINK = { color: '#236355', textDecoration: 'underline' } as const;
const FOOT = {
  color: '#5c6a66',
  fontSize: 13,
  lineHeight: '1.55',
  margin: '18px auto 0',
  maxWidth: 460,
  textAlign: 'center',
} as const;
