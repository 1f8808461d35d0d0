import { z } from 'zod';
import { createSessions } from '../accounts/sessions.ts';
import { digestOf, makeToken } from '../adapters/crypto/session-tokens.ts';
import { findSystemUser } from '../adapters/filesystem/find-system-user.ts';
import type { ControlServer } from '../adapters/host/control-socket.ts';
import { serveWorkerSocket } from '../adapters/host/worker-sockets.ts';
import { createAnswerer, type Question, question } from '../worker/answer-questions.ts';
import type { Adapters } from './adapters.ts';
import { credentialsReaderOf } from './credentials-reader.ts';
import { workersFolderOf } from './web-config-of.ts';

const WEB_USER = 'shophosting-web';

/** Everything that the web process may ask a worker, by name. */
function questionsOf(adapters: Adapters): Readonly<Record<string, Question>> {
  const readCredentials = credentialsReaderOf(adapters);
  return {
    credentials: question('proven-owner', z.object({}), (_input, { store, origin }) =>
      readCredentials(store.id, origin),
    ),
  };
}

/** Answers what the web process cannot know itself, on a socket that only it (and root) may open. */
export async function answerWebQuestions(adapters: Adapters): Promise<ControlServer> {
  const { config, repositories } = adapters;
  const { sessions, audit } = repositories;
  const now = (): Date => new Date();
  const answer = createAnswerer({
    questions: questionsOf(adapters),
    findSession: createSessions({ sessions, tokens: { make: makeToken, digestOf }, audit, now }).find,
    stores: repositories.stores,
    now,
  });
  const { gid } = await findSystemUser(WEB_USER);
  return serveWorkerSocket(workersFolderOf(config), { pid: process.pid, gid }, answer);
}
