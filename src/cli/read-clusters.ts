import { failed, ok, problemsOf, type Result } from '../domain/result.ts';
import { notKnownText } from '../report/not-known.ts';
import type { SnapshotReading } from '../wire/snapshot.ts';
import { complain } from './complain.ts';
import { readDumps } from './dump-snapshot.ts';
import type { Io } from './io.ts';
import { type ClusterFlags, listCluster } from './live-snapshot.ts';

/** One of several clusters. */
export interface ReadCluster extends SnapshotReading {
  /** Its inventory, as it was given. */
  readonly cluster: string;
}

/** Each inventory is a cluster of its own. */
export async function readClusters(paths: readonly string[], io: Io): Promise<Result<readonly ReadCluster[], string>> {
  const read = await Promise.all(paths.map((path) => readDumps([path], io)));
  const problems = read.flatMap(problemsOf);
  if (problems.length > 0) return failed(problems);
  return ok(read.flatMap((each, index) => (each.ok ? [{ ...each.value, cluster: paths[index] ?? '' }] : [])));
}

/** The cluster that the flags lead to, as the only one. */
export async function askCluster(flags: ClusterFlags, io: Io): Promise<Result<readonly ReadCluster[], string>> {
  const live = await listCluster(flags, io);
  if (!live.ok) return live;
  complain(io, live.value.remarks);
  return ok([{ ...live.value, cluster: '' }]);
}

/** For standard error, where it is about what is free: of which clusters nobody could tell what pods take on their nodes. */
export function podsNotKnown(clusters: readonly ReadCluster[]): readonly string[] {
  return clusters.flatMap(({ cluster, snapshot: { notKnown } }) => {
    const pods = notKnown.filter((resource) => resource === 'pods');
    const said = notKnownText(pods, 'what they take on their nodes counts as free');
    return said.map((text) => (cluster === '' ? text : `${cluster}: ${text}`));
  });
}
