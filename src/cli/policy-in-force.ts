import type { Logger } from 'pino';
import type { Metrics } from '../server/metrics.ts';
import type { Io } from './io.ts';
import type { PolicyFiles } from './policy-files.ts';
import { type PolicyOutcome, type PolicySource, watchPolicy } from './policy-source.ts';

interface PolicyFollowers {
  readonly start: PolicyFiles;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Another policy is in force from now on. */
  onTaken(): void;
}

/** Follows the policy documents; what becomes of them goes into the log and the metrics. */
export function followPolicy(
  paths: readonly string[],
  { cwd, now }: Pick<Io, 'cwd' | 'now'>,
  { start, metrics, log, onTaken }: PolicyFollowers,
): PolicySource {
  const count = ({ result }: PolicyOutcome): void =>
    metrics.countReload(result === 'failed' ? 'failed' : 'loaded', now());
  const source = watchPolicy(paths, cwd, {
    start,
    onReload: (outcome) => {
      count(outcome);
      const { hash: policy, problems, warnings } = outcome;
      if (outcome.result === 'failed')
        log.error({ policy, problems }, 'policy documents not taken; the last good ones stay');
      else log.info({ policy, warnings }, 'policy documents taken');
      if (outcome.result === 'loaded') onTaken();
    },
  });
  count(source.first);
  return source;
}
