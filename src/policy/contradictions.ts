import { DEFAULT_SERVICE_NODE_PORT_RANGE, rangeOf } from '../domain/cluster-profile.ts';
import { printable } from '../domain/text.ts';
import { portSet } from '../domain/port-set.ts';
import type { BoundRule } from '../rules/define.ts';
import type { SourceDocument } from './documents.ts';
import type { Parts } from './parts.ts';
import { type ClusterRange, overlaps, poolProblems } from './pool-contradictions.ts';
import type { Problem } from './problem.ts';

/** What is wrong between documents that are each valid; every problem names both sides. */
export function contradictions(documents: readonly SourceDocument[], parts: Parts): readonly Problem[] {
  return [
    ...severalProfiles(documents),
    ...poolProblems(parts.pools, clusterRange(documents, parts)),
    ...overlaps(parts.pools),
    ...differentValues(parts),
  ];
}

function severalProfiles(documents: readonly SourceDocument[]): readonly Problem[] {
  const [first, ...others] = documents.filter(({ kind }) => kind === 'ClusterProfile');
  if (first === undefined) return [];
  return others.map((other) =>
    other.problem({
      path: ['kind'],
      part: 'value',
      message: `a second ClusterProfile beside ${printable(first.name)} at ${first.lineOf(['kind'])}; remove one of them`,
    }),
  );
}

/** undefined while a ClusterProfile is there but wrong, or there are two: comparing with a guess would only confuse. */
function clusterRange(documents: readonly SourceDocument[], { profiles }: Parts): ClusterRange | undefined {
  if (documents.every(({ kind }) => kind !== 'ClusterProfile')) {
    return {
      ports: portSet([rangeOf(DEFAULT_SERVICE_NODE_PORT_RANGE)]),
      saidBy: 'the default without a ClusterProfile',
    };
  }
  const [only, ...others] = profiles;
  if (only === undefined || others.length > 0) return undefined;
  const line = only.document.lineOf(['spec', 'serviceNodePortRange']);
  return {
    ports: portSet([only.profile.serviceNodePortRange]),
    saidBy: `ClusterProfile ${only.profile.name} at ${line}`,
  };
}

interface Setter {
  readonly field: string;
  readonly value: string | boolean;
  readonly policy: string;
  readonly rule: string;
  readonly document: SourceDocument;
}

/** Two rules may not fill in different values for one field: a Service that both policies match could get neither. */
function differentValues({ policies }: Parts): readonly Problem[] {
  const setters = policies.flatMap(({ policy, document }) =>
    policy.rules.flatMap((rule) => settersOf(rule).map((each) => ({ ...each, policy: policy.name, document }))),
  );
  return setters.flatMap((setter, index) => {
    const other = setters.slice(0, index).find(({ field, value }) => field === setter.field && value !== setter.value);
    return other === undefined ? [] : [disagreement(setter, other)];
  });
}

function settersOf({ meta, setsFields }: BoundRule): readonly Pick<Setter, 'field' | 'value' | 'rule'>[] {
  return Object.entries(setsFields).map(([field, value]) => ({ field, value, rule: meta.name }));
}

function disagreement(setter: Setter, other: Setter): Problem {
  const line = other.document.lineOf(['spec', 'rules', other.rule]);
  return setter.document.problem({
    path: ['spec', 'rules', setter.rule],
    part: 'key',
    message:
      `sets spec.${setter.field} to ${setter.value}, but policy ${other.policy} (${line}) sets it to ${other.value}; ` +
      'make them agree',
  });
}
