import { type Path, valueAt } from '../../domain/path.ts';
import { anyOf } from '../../domain/text.ts';
import { type Check, loosely, type Say, shown } from './messages.ts';

export const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const LONGEST_TIMEOUT = 86_400;
const TIMEOUT = ['spec', 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds'];

/** What each field of `spec` may be; `type` and `externalTrafficPolicy` depend on more. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  internalTrafficPolicy: ['Cluster', 'Local'],
  ipFamilyPolicy: ['PreferDualStack', 'RequireDualStack', 'SingleStack'],
  sessionAffinity: ['ClientIP', 'None'],
};
/** Which of these are known depends on the version, too. */
const DISTRIBUTIONS = ['PreferClose', 'PreferSameNode', 'PreferSameZone'];
const DISTRIBUTION = ['spec', 'trafficDistribution'];
const FAMILIES = ['IPv4', 'IPv6'];

export const checkValues: Check = ({ service: { type, ipFamilies, raw } }, say) => {
  for (const [field, supported] of Object.entries(VALUES)) {
    // Of an ExternalName it is forbidden altogether.
    if (type === 'ExternalName' && field === 'ipFamilyPolicy') continue;
    const value = valueAt(raw, ['spec', field]);
    checkSupported(value, ['spec', field], supported, say);
    // An empty string is no default for what is a pointer in Go.
    if (value === '' && field !== 'sessionAffinity') {
      say('unsupported', ['spec', field], { value: shown(value), supported: anyOf(supported) });
    }
  }
  if (type !== 'ExternalName') {
    ipFamilies.forEach((family, index) => checkSupported(family, ['spec', 'ipFamilies', index], FAMILIES, say));
  }
  checkDistribution(valueAt(raw, DISTRIBUTION), say);
  checkTimeout(raw, say);
};

/** Before 1.31 the field is read, and ignored. An empty string counts as something. */
function checkDistribution(value: unknown, say: Say): void {
  if (typeof value !== 'string' || DISTRIBUTIONS.includes(value)) return;
  const data = { problem: 'is not supported', versions: '1.31 and later', advice: `use ${anyOf(DISTRIBUTIONS)}` };
  say('dependsOnVersion', DISTRIBUTION, { value: shown(value), ...data });
}

function checkTimeout(raw: unknown, say: Say): void {
  const timeout = valueAt(raw, TIMEOUT);
  if (valueAt(raw, ['spec', 'sessionAffinity']) !== 'ClientIP' || typeof timeout !== 'number') return;
  if (timeout > 0 && timeout <= LONGEST_TIMEOUT) return;
  const problem = 'is too short or too long';
  say('invalid', TIMEOUT, { value: timeout, problem, advice: `use 1 to ${LONGEST_TIMEOUT} seconds` });
}

/** Says nothing of a value that is not set, or of a wrong type. */
export function checkSupported(value: unknown, path: Path, supported: readonly string[], say: Say): void {
  if (typeof value !== 'string' || value === '' || supported.includes(value)) return;
  const meant = supported.find((one) => loosely(one) === loosely(value));
  say('unsupported', path, { value: shown(value), supported: meant ?? anyOf(supported) });
}
