import type { Logger } from 'pino';
import type { Metrics } from '../server/metrics.ts';
import type { Io } from './io.ts';
import type { PolicyFiles } from './policy-files.ts';
import { type PolicyOutcome, type PolicySource, watchPolicy } from './policy-source.ts';

/** Follows the policy documents; what becomes of them goes into the log and the metrics. */
export function followPolicy(
  paths: readonly string[],
  { cwd, now }: Pick<Io, 'cwd' | 'now'>,
  { start, metrics, log }: { readonly start: PolicyFiles; readonly metrics: Metrics; readonly log: Logger },
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
    },
  });
  count(source.first);
  return source;
}
