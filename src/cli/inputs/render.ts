import { shellWord } from '../../report/shell-word.ts';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { InputProblem, SourceRegion } from '../../domain/source.ts';
import type { Io } from '../io.ts';
import { problemWith } from './input-fault.ts';
import { isLibraryChart, readKustomization, topmostOf } from './kustomizations.ts';
import type { DirectoryLead, Lead } from './lead.ts';
import { type Place, shownIn } from './place.ts';
import { relocateChart } from './relocate.ts';
import { runTool, type ToolOutcome } from './run-tool.ts';
import { TOP } from './template-line.ts';
import { KUSTOMIZATION_FILES } from './walk-directory.ts';

/** What helm or kustomize made of a directory. */
export interface Rendered {
  readonly bytes: Uint8Array;
  readonly relocate: (region: SourceRegion) => SourceRegion;
}

interface RenderContext extends Pick<Io, 'cwd' | 'env'> {
  /** For charts that ask. */
  readonly namespace: string | undefined;
}

/** Helm's limit for the name of a release. */
const LONGEST_RELEASE = 53;

/** Without what is only of use in something else: bases, components, library charts. Those that were named are problems. */
export function topmost(leads: readonly Lead[]): readonly Lead[] {
  const kustomizations = new Map(
    leads.flatMap((lead) =>
      lead.kind === 'kustomization' ? [[lead.place.real, readKustomization(lead.place.real, KUSTOMIZATION_FILES)]] : [],
    ),
  );
  const chosen = topmostOf(kustomizations);
  return leads.flatMap((lead) => {
    if (lead.kind === 'kustomization' && !chosen.has(lead.place.real)) {
      const isComponent = kustomizations.get(lead.place.real)?.isComponent === true;
      return isComponent ? alone(lead, 'kustomize component; name a kustomization that uses it') : [];
    }
    if (lead.kind === 'chart' && isLibraryChart(lead.place.real)) {
      return alone(lead, 'library chart, of which nothing is installed; name a chart that uses it');
    }
    return [lead];
  });
}

function alone({ place, isNamed }: DirectoryLead, message: string): readonly Lead[] {
  return isNamed ? [{ kind: 'problem', problem: problemWith(place.shown, `this is a ${message}`) }] : [];
}

/** With whichever the user has. */
export function render({ kind, place }: DirectoryLead, context: RenderContext): Promise<Rendered | InputProblem> {
  return kind === 'chart' ? renderChart(place, context) : renderKustomization(place, context);
}

async function renderChart(place: Place, context: RenderContext): Promise<Rendered | InputProblem> {
  const release = releaseName(place.path);
  const inNamespace = context.namespace === undefined ? [] : [`--namespace=${context.namespace}`];
  const outcome = await run('helm', ['template', release, place.path, ...inNamespace], context);
  // `tpl tpl` would leave open which is which, and helm would look for the second in a repository if it were not there.
  const chart = /^[^./][^/]*$/.test(place.shown) ? `./${place.shown}` : place.shown;
  const byHand = ['helm template', release, shellWord(chart), ...inNamespace].join(' ');
  if (outcome.kind === 'absent')
    return notRendered(place, 'this is a Helm chart and helm is not installed; install it', byHand);
  if (outcome.kind === 'fault')
    return notRendered(place, `helm cannot render this: ${outcome.reason}; correct it`, byHand);
  return { bytes: outcome.bytes, relocate: relocateChart(outcome.bytes, place) };
}

async function renderKustomization(place: Place, context: RenderContext): Promise<Rendered | InputProblem> {
  const first = await run('kustomize', ['build', place.path], context);
  const outcome = first.kind === 'absent' ? await run('kubectl', ['kustomize', place.path], context) : first;
  const byHand = `kustomize build ${shellWord(place.shown)}`;
  if (outcome.kind === 'absent') {
    const message = 'this is a kustomization and neither kustomize nor kubectl is installed; install one of them';
    return notRendered(place, message, byHand);
  }
  if (outcome.kind === 'fault') {
    return notRendered(place, `kustomize cannot build this: ${outcome.reason}; correct it`, byHand);
  }
  // Its output does not say what came from where.
  const name = KUSTOMIZATION_FILES.find((each) => existsSync(join(place.path, each))) ?? '';
  const top: SourceRegion = { ...TOP, file: shownIn(place.shown, name) };
  return { bytes: outcome.bytes, relocate: () => top };
}

function run(command: string, args: readonly string[], { cwd, env }: RenderContext): Promise<ToolOutcome> {
  return runTool({ command, args, cwd, env });
}

function notRendered({ shown }: Place, message: string, byHand: string): InputProblem {
  return problemWith(shown, `${message}, or render it yourself: ${byHand} | nodeport-gate check -`);
}

/** What the directory is called, as far as a release may be called so. */
function releaseName(path: string): string {
  const name = basename(path)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_RELEASE)
    .replaceAll(/^-|-$/g, '');
  return name === '' ? 'release' : name;
}
