import { Button } from '@mantine/core';
import { useSupport } from './answer-facts.ts';
import { Icon } from './icon.tsx';

/** A mail to whoever helps customers, begun with what they need to know; nothing where the operator names nobody. */
export function ContactSupport({ reference }: { readonly reference: string }) {
  const support = useSupport();
  if (support === null) return null;
  return (
    <Button
      component="a"
      href={`mailto:${support}?subject=${encodeURIComponent(`ShopHosting, reference ${reference}`)}`}
      variant="default"
      leftSection={<Icon name="mail" />}
    >
      Contact support
    </Button>
  );
}
