import type { RunObject } from '../check/read-objects.ts';
import { readsWorkloads } from '../check/relevance.ts';
import type { Labels } from '../domain/selection.ts';
import { NO_WORKLOADS, type Workloads, workloadsOf } from '../domain/workload.ts';
import type { Policy } from '../engine/policy.ts';
import { readManifestFile } from '../wire/manifest-file.ts';
import { labelSkimmer } from '../wire/skim.ts';
import { readWorkload } from '../wire/workload.ts';
import type { RunFile } from './manifest-files.ts';

/**
 * The workloads behind the Services that only answer where their pods run. There may be thousands of others, so only documents
 * in which a label value of such a Service occurs are read again.
 */
export function workloadsFor(
  objects: readonly RunObject[],
  policy: Policy,
  { files, namespace }: { readonly files: ReadonlyMap<string, RunFile>; readonly namespace: string },
): Workloads {
  const values = readsWorkloads(policy) ? valuesOf(objects.flatMap(localSelector)) : new Set<string>();
  if (values.size === 0) return NO_WORKLOADS;
  const mayHold = labelSkimmer(values);
  const candidates = [...files].filter(([, { text }]) => mayHold(text));
  const workloads = candidates.flatMap(([file, { text }]) =>
    readManifestFile(file, text, mayHold).manifests.flatMap((manifest) => {
      const read = readWorkload(manifest.value, { path: '', namespace });
      return read?.ok === true ? [read.value] : [];
    }),
  );
  return workloadsOf(workloads);
}

function localSelector(object: RunObject): readonly Labels[] {
  if (!('subject' in object)) return [];
  const { externalTrafficPolicy, selector } = object.subject.request.service;
  return externalTrafficPolicy === 'Local' ? [selector] : [];
}

/** Whoever has all labels of a selector has its first one. */
function valuesOf(selectors: readonly Labels[]): ReadonlySet<string> {
  return new Set(selectors.flatMap((selector) => Object.values(selector).slice(0, 1)));
}
