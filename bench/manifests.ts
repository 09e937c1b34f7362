import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { configMap, deployment, type Draft, namespace, serviceAccount } from './manifest-texts.ts';
import { type Choose, chooser } from './choose.ts';
import { type Exposure, exposureOf, numbersFrom, service } from './service-texts.ts';

/** What was written, so that a run can say what it measured. */
export interface Manifests {
  readonly documents: number;
  readonly files: number;
  readonly bytes: number;
  readonly services: number;
  /** Services of type NodePort and LoadBalancer. */
  readonly exposed: number;
  /** Numbers that the manifests ask for. */
  readonly nodePorts: number;
  /** Of all names and texts: equal digests, equal manifests. */
  readonly digest: string;
}

/** Another seed is another repository of the same kind. */
const SEED = 20_261_121;
const APPS = 1_000;
const TEAMS = 40;
/** The ten documents of an app are in two files; one that holds a single document may be JSON. */
const SPLITS = [4, 3, 5, 1, 2];
const COMPONENTS = ['web', 'api', 'worker'];

/**
 * A repository as GitOps knows it: 40 teams with 25 apps each, 10,000 documents in 2,000 files. The same bytes every time.
 */
export function writeManifests(directory: string): Manifests {
  const choose = chooser(SEED);
  const numberFor = numbersFrom(choose);
  const digest = createHash('sha256');
  const count = { documents: 0, files: 0, bytes: 0, services: 0, exposed: 0, nodePorts: 0 };
  for (let app = 0; app < APPS; app += 1) {
    const { texts, exposures } = appOf(app, numberFor, choose);
    count.services += COMPONENTS.length;
    count.exposed += exposures.length;
    count.nodePorts += exposures.flatMap(({ numbers }) => numbers).length;
    for (const { name, text } of filesOf(app, texts)) {
      const file = join(directory, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      digest.update(`${name}\n${text}`);
      count.files += 1;
      count.bytes += Buffer.byteLength(text);
    }
    count.documents += texts.length;
  }
  return { ...count, digest: digest.digest('hex').slice(0, 12) };
}

interface App {
  readonly texts: readonly string[];
  readonly exposures: readonly Exposure[];
}

function appOf(app: number, numberFor: (team: string) => number, choose: Choose): App {
  const drafts = COMPONENTS.map((component): Draft => ({
    team: teamOf(app),
    app: appName(app),
    component,
    name: `${appName(app)}-${component}`,
    version: `${choose.below(4)}.${choose.below(30)}.${choose.below(12)}`,
  }));
  const exposures: Exposure[] = [];
  const texts: string[] = [];
  for (const draft of drafts) {
    const exposure = exposureOf(draft, numberFor, choose);
    if (exposure !== undefined) exposures.push(exposure);
    texts.push(service(draft, exposure, choose), deployment(draft, choose), configMap(draft, choose));
  }
  const [first] = drafts;
  if (first === undefined) throw new Error('an app has at least one component');
  // The first app of a team brings the namespace along.
  texts.push(app < TEAMS ? namespace(first) : serviceAccount(first));
  return { texts, exposures };
}

function filesOf(app: number, texts: readonly string[]): readonly { readonly name: string; readonly text: string }[] {
  const split = SPLITS[app % SPLITS.length] ?? 1;
  const folder = `${teamOf(app)}/${appName(app)}`;
  const start = texts.slice(0, split);
  const isJson = split === 1 && app % 2 === 0;
  return [
    isJson
      ? { name: `${folder}/app.json`, text: `${JSON.stringify(parse(start.join('')), null, 2)}\n` }
      : { name: `${folder}/app.yaml`, text: start.join('---\n') },
    { name: `${folder}/rest.yaml`, text: texts.slice(split).join('---\n') },
  ];
}

function teamOf(app: number): string {
  return `team-${String(app % TEAMS).padStart(2, '0')}`;
}

function appName(app: number): string {
  return `app-${String(app).padStart(4, '0')}`;
}
