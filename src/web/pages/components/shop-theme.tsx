import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorSchemeManager,
  MantineProvider,
  NativeSelect,
  PasswordInput,
  TextInput,
  type VariantColorsResolver,
} from '@mantine/core';
import type { ReactNode } from 'react';
import type { ThemeChoice } from '../../page-context.ts';
import { useAnswerFacts } from './answer-facts.ts';
import './controls.css';

/** The components' colours are ours, whatever scheme they believe in. */
const OURS = {
  '--mantine-color-body': 'var(--ground)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-soft)',
  '--mantine-color-placeholder': 'var(--ink-soft)',
  '--mantine-color-error': 'var(--alarm)',
  '--mantine-color-anchor': 'var(--accent-text)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--raised)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
};
const resolveVariables: CSSVariablesResolver = () => ({ variables: OURS, light: OURS, dark: OURS });

const FILLED = {
  background: 'var(--accent)',
  hover: 'var(--accent-hover)',
  color: 'var(--on-accent)',
  border: '1px solid transparent',
};
const QUIET = {
  background: 'var(--surface)',
  hover: 'var(--raised)',
  color: 'var(--ink)',
  border: '1px solid var(--line-strong)',
};
const BARE = {
  background: 'transparent',
  hover: 'var(--raised)',
  color: 'var(--ink)',
  border: '1px solid transparent',
};
const resolveVariant: VariantColorsResolver = ({ variant }) =>
  variant === 'filled' ? FILLED : variant === 'subtle' ? BARE : QUIET;

const theme = createTheme({
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'var(--mono)',
  defaultRadius: 'md',
  radius: { md: 'var(--radius-small)' },
  respectReducedMotion: true,
  focusRing: 'auto',
  autoContrast: true,
  variantColorResolver: resolveVariant,
  components: {
    Button: Button.extend({ defaultProps: { size: 'md' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'md' } }),
    NativeSelect: NativeSelect.extend({ defaultProps: { size: 'md' } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'md' } }),
  },
});

/** Our look around everything. The scheme comes from the cookie; the components' own storage is not asked. */
export function ShopTheme({ theme: choice, children }: { readonly theme: ThemeChoice; readonly children: ReactNode }) {
  const { nonce } = useAnswerFacts();
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveVariables}
      colorSchemeManager={managerOf(choice)}
      defaultColorScheme="auto"
      {...(choice === 'system' ? {} : { forceColorScheme: choice })}
      withGlobalClasses={false}
      getStyleNonce={() => nonce ?? ''}
    >
      {children}
    </MantineProvider>
  );
}

function managerOf(choice: ThemeChoice): MantineColorSchemeManager {
  return {
    get: () => (choice === 'system' ? 'auto' : choice),
    set: () => undefined,
    subscribe: () => undefined,
    unsubscribe: () => undefined,
    clear: () => undefined,
  };
}
