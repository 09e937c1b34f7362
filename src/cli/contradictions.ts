import { type JsonObject, own, sameJson } from '../domain/json.ts';
import { valueAt } from '../domain/path.ts';
import { formatRef, type ServiceRef } from '../domain/service.ts';
import { counted, printable } from '../domain/text.ts';
import type { LocatedManifest } from '../wire/manifest-file.ts';

/** What two objects of one name disagree on, the worst first. */
const DISAGREEMENTS: readonly (readonly [what: string, of: (service: JsonObject) => unknown])[] = [
  ['ports', (service) => valueAt(service, ['spec', 'ports'])],
  ['specs', (service) => own(service, 'spec')],
  ['annotations', (service) => valueAt(service, ['metadata', 'annotations'])],
];

/** Of a file and another, or of one and itself. */
interface Clash {
  readonly files: readonly [string, string];
  readonly service: ServiceRef;
  readonly what: string;
}

/**
 * A line for each two files that tell different things about a Service: they are of two clusters, or one file is of both. To
 * take either would hide what the other one holds. Copies of the same are fine.
 */
export function contradictions(manifests: readonly LocatedManifest[]): readonly string[] {
  const services = manifests.filter(({ kind }) => kind === 'Service');
  const byPair = Map.groupBy(clashesIn(services), ({ files }) => files.join('\0'));
  return [...byPair.values()].flatMap((clashes) =>
    clashes.slice(0, 1).map((first) => describe(first, clashes.length - 1)),
  );
}

function clashesIn(services: readonly LocatedManifest[]): readonly Clash[] {
  const firsts = new Map<string, LocatedManifest>();
  return services.flatMap((manifest) => {
    const { namespace, name } = manifest.object;
    const service = { namespace: namespace === '' ? 'default' : namespace, name };
    const first = firsts.get(formatRef(service));
    if (first === undefined) {
      firsts.set(formatRef(service), manifest);
      return [];
    }
    const what = DISAGREEMENTS.find(([, of]) => !sameJson(of(first.value), of(manifest.value)));
    return what === undefined ? [] : [{ files: [first.file, manifest.file], service, what: what[0] } satisfies Clash];
  });
}

function describe({ files: [one, other], service, what }: Clash, more: number): string {
  const where = one === other ? `twice in ${one}` : `in ${one} and in ${other}`;
  const others = more === 0 ? '' : `, and so ${more === 1 ? 'is' : 'are'} ${counted(more, 'more Service')}`;
  return `${printable(formatRef(service))} is ${where} with different ${what}${others}; take one cluster at a time`;
}
