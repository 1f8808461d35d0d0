import { createSessions } from '../accounts/sessions.ts';
import { digestOf, makeToken } from '../adapters/crypto/session-tokens.ts';
import { findSystemUser } from '../adapters/filesystem/find-system-user.ts';
import type { ControlServer } from '../adapters/host/control-socket.ts';
import { serveWorkerSocket } from '../adapters/host/worker-sockets.ts';
import { AppError } from '../domain/errors.ts';
import { createStepUpCredentials } from '../stores/step-up-credentials.ts';
import type { Adapters } from './adapters.ts';
import { credentialsReaderOf } from './credentials-reader.ts';
import { workersFolderOf } from './web-config-of.ts';

const WEB_USER = 'shophosting-web';

/** Answers what the web process cannot know itself, on a socket that only it (and root) may open. */
export async function answerWebQuestions(adapters: Adapters): Promise<ControlServer> {
  const { config, repositories } = adapters;
  const { sessions, audit } = repositories;
  const now = (): Date => new Date();
  const credentials = createStepUpCredentials({
    findSession: createSessions({ sessions, tokens: { make: makeToken, digestOf }, audit, now }).find,
    stores: repositories.stores,
    readCredentials: credentialsReaderOf(adapters),
    now,
  });
  const { gid } = await findSystemUser(WEB_USER);
  return serveWorkerSocket(workersFolderOf(config), { pid: process.pid, gid }, ({ question, token, storeId }) => {
    if (question === 'credentials' && token !== undefined && storeId !== undefined)
      return credentials({ token, storeId });
    throw new AppError('internal_error', `A worker has no answer to ${question}.`);
  });
}
