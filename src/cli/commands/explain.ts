import { runningRequest } from '../../audit/running.ts';
import { UNKNOWN_REACH } from '../../domain/reach.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import { formatRef, sameRef, type ServiceRef } from '../../domain/service.ts';
import { printable } from '../../domain/text.ts';
import { NO_WORKLOADS } from '../../domain/workload.ts';
import { NO_RESERVATIONS, type World } from '../../domain/world.ts';
import { decide } from '../../engine/decide.ts';
import { explain as explainRequest } from '../../engine/explain.ts';
import { insteadOf } from '../../policy/did-you-mean.ts';
import { type ExplainedService, explanationText } from '../../report/explanation-text.ts';
import { describeProblemAt } from '../../report/problem-line.ts';
import { placeText } from '../../report/remarks.ts';
import { ruleListText } from '../../report/rule-list.ts';
import { terminalMarkdown } from '../../report/terminal-markdown.ts';
import type { Rule } from '../../rules/define.ts';
import { rules } from '../../rules/index.ts';
import { namespaceFault } from '../flag-faults.ts';
import { complain } from '../complain.ts';
import type { ExitCode, Io } from '../io.ts';
import { type ManifestRun, openRun } from '../manifest-run.ts';
import type { RunFlags } from '../run-flags.ts';
import { rulePage } from '../rule-page.ts';

/** What was asked for: a rule's page, one Service, or, without a subject, the list of rules. */
export async function explain(
  subject: string | undefined,
  paths: readonly string[],
  flags: RunFlags,
  io: Io,
): Promise<ExitCode> {
  if (subject === undefined) {
    io.out.write(ruleListText(rules.map(listed)));
    return 0;
  }
  const slash = subject.indexOf('/');
  if (slash < 0) return explainRule(subject, io);
  const ref = { namespace: subject.slice(0, slash), name: subject.slice(slash + 1) };
  return explainService(ref, paths, flags, io);
}

function listed({ meta: { name, summary }, presets }: Rule): Parameters<typeof ruleListText>[0][number] {
  const levelOf = (preset: 'baseline' | 'restricted'): string | undefined => {
    const level = presets[preset]?.['enforcement'];
    return typeof level === 'string' ? level : undefined;
  };
  return { name, summary, baseline: levelOf('baseline'), restricted: levelOf('restricted') };
}

async function explainRule(name: string, io: Io): Promise<ExitCode> {
  const rule = rules.find(({ meta }) => meta.name === name);
  if (rule !== undefined) {
    io.out.write(terminalMarkdown(await rulePage(rule.meta), { color: io.color }));
    return 0;
  }
  const names = rules.map(({ meta }) => meta.name);
  return complain(io, [
    `${printable(name)} is no rule; ${insteadOf(name, names)}`,
    'a Service is named with its namespace: NAMESPACE/NAME',
  ]);
}

async function explainService(ref: ServiceRef, paths: readonly string[], flags: RunFlags, io: Io): Promise<ExitCode> {
  const faults = [...refFaults(ref), ...namespaceFault(flags.namespace)];
  if (faults.length > 0) return complain(io, faults);
  const run = await openRun(paths, { ...flags, everyService: true }, io);
  if (!run.ok) return complain(io, run.problems);
  const { remarks, problems } = run.value;
  complain(io, [...remarks, ...problems.map(describeProblemAt)]);
  const inFiles = run.value.explain(ref).map(({ region, ...rest }) => ({ ...rest, place: placeText(region) }));
  const found = inFiles.length > 0 ? ok(inFiles) : explainRunning(ref, run.value, io.now());
  if (!found.ok) return complain(io, found.problems);
  io.out.write(found.value.map(explanationText).join('\n'));
  return problems.length > 0 ? 2 : 0;
}

function refFaults({ namespace, name }: ServiceRef): readonly string[] {
  if (namespace !== '' && name !== '' && !name.includes('/')) return [];
  return [`${printable(`${namespace}/${name}`)} names no Service; write NAMESPACE/NAME`];
}

/** A Service that is in no file, as a dump of the cluster has it. */
function explainRunning(
  ref: ServiceRef,
  { policy, dumps, namespaceLabels }: ManifestRun,
  now: Date,
): Result<readonly ExplainedService[], string> {
  const explained: ExplainedService[] = [];
  for (const { path, services, inventory } of dumps) {
    const running = services.find((each) => sameRef(each, ref));
    if (running === undefined) continue;
    const world: World = {
      inventory,
      labelsOf: (name) => namespaceLabels.get(name),
      reservations: NO_RESERVATIONS,
      workloads: NO_WORKLOADS,
      reach: UNKNOWN_REACH,
    };
    const explanation = explainRequest(runningRequest(running), policy, world, now);
    explained.push({
      service: running,
      place: path,
      allowed: decide(explanation.verdict, 'audit').allowed,
      explanation,
    });
  }
  const places = dumps.map(({ path }) => path);
  return explained.length > 0 ? ok(explained) : failed([notFound(ref, places)]);
}

function notFound(ref: ServiceRef, inventory: readonly string[]): string {
  const advice =
    inventory.length > 0
      ? 'name the files that it is in'
      : 'name the files that it is in, or give --inventory the output of kubectl get services -A -o json';
  return `Service ${printable(formatRef(ref))} is in none of the files; ${advice}`;
}
