import type { Step } from './step.ts';
import { activate } from './steps/activate.ts';
import { createDirectory } from './steps/create-directory.ts';
import { installApplication } from './steps/install-application.ts';
import { issueSecrets } from './steps/issue-secrets.ts';
import { obtainCertificate } from './steps/obtain-certificate.ts';
import { renderCompose } from './steps/render-compose.ts';
import { routeTraffic } from './steps/route-traffic.ts';
import { saveCredentials } from './steps/save-credentials.ts';
import { sendWelcomeMail } from './steps/send-welcome-mail.ts';
import { startContainers } from './steps/start-containers.ts';

type DepsOf<Make extends (deps: never) => Step> = Parameters<Make>[0];

/** What the steps need of the world, each as little as it can do with. */
export interface PipelineDeps {
  readonly directories: DepsOf<typeof createDirectory>['directories'];
  readonly vault: DepsOf<typeof issueSecrets>['vault'] & DepsOf<typeof saveCredentials>['vault'];
  readonly secretFiles: DepsOf<typeof issueSecrets>['files'];
  readonly makers: DepsOf<typeof issueSecrets>['makers'];
  readonly chooseParts: DepsOf<typeof renderCompose>['chooseParts'];
  readonly composeFiles: DepsOf<typeof renderCompose>['files'];
  readonly containers: DepsOf<typeof startContainers>['containers'] & DepsOf<typeof routeTraffic>['containers'];
  readonly phpLimits: DepsOf<typeof startContainers>['phpLimits'];
  readonly panels: DepsOf<typeof startContainers>['panels'];
  readonly takenOver: DepsOf<typeof createDirectory>['takenOver'];
  readonly snapshots: DepsOf<typeof startContainers>['snapshots'];
  readonly installer: DepsOf<typeof installApplication>['installer'];
  readonly routes: DepsOf<typeof routeTraffic>['routes'];
  readonly edge: DepsOf<typeof obtainCertificate>['edge'];
  readonly keptPages: DepsOf<typeof routeTraffic>['keptPages'];
  readonly certificates: DepsOf<typeof obtainCertificate>['certificates'];
  readonly ownNames: DepsOf<typeof obtainCertificate>['ownNames'];
  readonly outbox: DepsOf<typeof sendWelcomeMail>['outbox'];
  readonly stores: DepsOf<typeof renderCompose>['stores'] &
    DepsOf<typeof startContainers>['stores'] &
    DepsOf<typeof installApplication>['stores'] &
    DepsOf<typeof activate>['stores'];
  readonly stackOf: DepsOf<typeof createDirectory>['stackOf'];
  readonly urlOf: DepsOf<typeof installApplication>['urlOf'];
  readonly shopDefaults: DepsOf<typeof installApplication>['shopDefaults'];
  readonly settings: DepsOf<typeof installApplication>['settings'];
  readonly mailFactsOf: DepsOf<typeof sendWelcomeMail>['factsOf'];
  readonly now: () => Date;
}

/**
 * How a store gets provisioned: read this list first. Walked forward it provisions, walked again it repairs, walked
 * backward it deletes. The shop is installed before the public can reach it: an open installer is somebody else's.
 */
export function createPipeline(deps: PipelineDeps): readonly Step[] {
  const { stores, vault, edge, stackOf, urlOf } = deps;
  return [
    createDirectory({ takenOver: deps.takenOver, directories: deps.directories, stackOf }),
    issueSecrets({ vault, files: deps.secretFiles, makers: deps.makers, stackOf }),
    renderCompose({ chooseParts: deps.chooseParts, stores, files: deps.composeFiles }),
    startContainers({
      snapshots: deps.snapshots,
      containers: deps.containers,
      panels: deps.panels,
      phpLimits: deps.phpLimits,
      files: deps.composeFiles,
      stores,
    }),
    installApplication({
      installer: deps.installer,
      vault,
      stackOf,
      urlOf,
      shopDefaults: deps.shopDefaults,
      settings: deps.settings,
      now: deps.now,
      stores,
    }),
    routeTraffic({ containers: deps.containers, routes: deps.routes, edge, keptPages: deps.keptPages }),
    obtainCertificate({ certificates: deps.certificates, edge, ownNames: deps.ownNames }),
    saveCredentials({ vault }),
    sendWelcomeMail({ outbox: deps.outbox, factsOf: deps.mailFactsOf }),
    activate({ stores, now: deps.now }),
  ];
}
