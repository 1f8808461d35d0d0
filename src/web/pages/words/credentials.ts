import { ADMIN_USERNAME, DATABASE_HOST, DATABASE_NAME, DATABASE_USER } from '../../../domain/names.ts';
import type { Credentials } from '../../../stores/read-credentials.ts';

export interface CredentialGroup {
  readonly title: string;
  readonly values: readonly { readonly word: string; readonly value: string; readonly isLink: boolean }[];
}

/** Which of them is no secret: all but the passwords. */
interface KnownNames {
  readonly admin: Pick<Credentials['admin'], 'url' | 'username'>;
  readonly database: Pick<Credentials['database'], 'host' | 'name' | 'username'>;
}

/** What a store's owner may read without asking for it: where to go, and as whom. */
export const credentialNames = (adminUrl: string): readonly CredentialGroup[] =>
  nameGroups({
    admin: { url: adminUrl, username: ADMIN_USERNAME },
    database: { host: DATABASE_HOST, name: DATABASE_NAME, username: DATABASE_USER },
  });

const nameGroups = ({ admin, database }: KnownNames) =>
  [
    {
      title: 'Administration',
      values: [
        { word: 'Address', value: admin.url, isLink: true },
        { word: 'User', value: admin.username, isLink: false },
      ],
    },
    {
      title: 'Database',
      values: [
        { word: 'Host', value: database.host, isLink: false },
        { word: 'Name', value: database.name, isLink: false },
        { word: 'User', value: database.username, isLink: false },
      ],
    },
  ] as const satisfies readonly CredentialGroup[];

/** The credentials in the order in which they are needed. */
export function credentialGroups(credentials: Credentials): readonly CredentialGroup[] {
  const { admin, database } = credentials;
  const [adminNames, databaseNames] = nameGroups(credentials);
  return [
    {
      ...adminNames,
      values: [
        ...adminNames.values,
        { word: 'Password', value: admin.password, isLink: false },
        ...nextOf(admin),
        { word: 'E-mail', value: admin.email, isLink: false },
      ],
    },
    {
      ...databaseNames,
      values: [
        ...databaseNames.values,
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
