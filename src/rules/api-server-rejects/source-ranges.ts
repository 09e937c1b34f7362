import { parseCidr } from '../../domain/cidr.ts';
import { type Path, valueAt } from '../../domain/path.ts';
import { quoted } from '../define.ts';
import { describeFault } from '../networks.ts';
import { type Check, type Say, shown } from './messages.ts';

/** Older than the field of the same meaning, which wins. */
export const SOURCE_RANGES_ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges';

const FIELD = ['spec', 'loadBalancerSourceRanges'];
const ANNOTATION = ['metadata', 'annotations', SOURCE_RANGES_ANNOTATION];

/** What parseCidr refuses and Kubernetes has read for years (StrictIPCIDRValidation, on since 1.36). */
export const STRICT_ONLY: ReadonlySet<string> = new Set(['leading-zero', 'ipv4-mapped', 'host-bits']);

export const checkSourceRanges: Check = ({ service }, say) => {
  const { type, loadBalancerSourceRanges: ranges, raw } = service;
  const annotation = valueAt(raw, ANNOTATION);
  const isUsed = ranges.length > 0 || annotation !== undefined;
  const path = ranges.length > 0 ? FIELD : ANNOTATION;
  if (isUsed && type !== 'LoadBalancer') {
    const advice = 'use nodeport-gate.dev/source-cidrs instead, or type LoadBalancer';
    const value = valueAt(raw, path);
    say('forbidden', path, { value: shown(value), type, advice });
    return;
  }
  if (ranges.length > 0) ranges.forEach((text, index) => checkCidr(text, [...FIELD, index], say));
  else if (typeof annotation === 'string' && annotation.trim() !== '') {
    for (const text of annotation.split(',')) checkCidr(text, ANNOTATION, say);
  }
};

function checkCidr(padded: string, path: Path, say: Say): void {
  const text = padded.trim();
  const parsed = parseCidr(text);
  if (parsed.ok) return;
  const { problem, advice } = describeFault(parsed.fault);
  const data = { value: quoted(text), problem, advice };
  const evidence = { value: text };
  if (!STRICT_ONLY.has(parsed.fault.code)) say('invalid', path, data, evidence);
  else say('dependsOnVersion', path, { ...data, versions: '1.36 and later' }, evidence);
}
