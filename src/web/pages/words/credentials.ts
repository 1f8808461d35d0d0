import type { Credentials } from '../../../stores/read-credentials.ts';

export interface CredentialGroup {
  readonly title: string;
  readonly values: readonly { readonly word: string; readonly value: string; readonly isLink: boolean }[];
}

/** The credentials in the order in which they are needed. */
export function credentialGroups({ admin, database }: Credentials): readonly CredentialGroup[] {
  return [
    {
      title: 'Administration',
      values: [
        { word: 'Address', value: admin.url, isLink: true },
        { word: 'User', value: admin.username, isLink: false },
        { word: 'Password', value: admin.password, isLink: false },
        ...nextOf(admin),
        { word: 'E-mail', value: admin.email, isLink: false },
      ],
    },
    {
      title: 'Database',
      values: [
        { word: 'Host', value: database.host, isLink: false },
        { word: 'Name', value: database.name, isLink: false },
        { word: 'User', value: database.username, isLink: false },
        { word: 'Password', value: database.password, isLink: false },
        ...nextOf(database),
      ],
    },
  ];
}

/** While a password is being changed, or where that has failed, either of two is good. */
function nextOf({ nextPassword }: { readonly nextPassword?: string }): CredentialGroup['values'] {
  return nextPassword === undefined
    ? []
    : [{ word: 'New one, if that is refused', value: nextPassword, isLink: false }];
}

/** All of them as lines of text, for the clipboard. */
export function credentialsAsText(credentials: Credentials): string {
  return credentialGroups(credentials)
    .map(({ title, values }) => [title, ...values.map(({ word, value }) => `${word}: ${value}`)].join('\n'))
    .join('\n\n');
}
