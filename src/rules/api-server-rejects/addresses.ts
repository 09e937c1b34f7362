import { type AddressSet, covers, mergeCidrs, parseAddress, parseCidr } from '../../domain/cidr.ts';
import { type Path, valueAt } from '../../domain/path.ts';
import { quoted } from '../define.ts';
import { describeAddressFault } from '../networks.ts';
import { type Check, type Say, shown } from './messages.ts';
import { isSubdomain } from './names.ts';
import { STRICT_ONLY } from './source-ranges.ts';

const HEADLESS = 'None';
const CLUSTER_IP = ['spec', 'clusterIP'];
const EXTERNAL_NAME = ['spec', 'externalName'];

/** ValidateEndpointIP: unspecified, loopback, link-local, link-local multicast, for which Go ignores the flags (ff12::/16). */
const SPECIAL: readonly string[] = [
  '0.0.0.0/32 127.0.0.0/8 169.254.0.0/16 224.0.0.0/24 ::/128 ::1/128 fe80::/10'.split(' '),
  Array.from({ length: 16 }, (_, flags) => `ff${flags.toString(16)}2::/16`),
].flat();

let special: AddressSet | undefined;

/** Made when it is first asked for: most Services have no external IPs. */
function specialAddresses(): AddressSet {
  return (special ??= mergeCidrs(
    SPECIAL.flatMap((text) => {
      const parsed = parseCidr(text);
      return parsed.ok ? [parsed.value] : [];
    }),
  ));
}

export const checkExternalIPs: Check = ({ service: { externalIPs } }, say) => {
  externalIPs.forEach((text, index) => {
    const path = ['spec', 'externalIPs', index];
    checkAddress(text, path, say);
    const parsed = parseAddress(text);
    if (!parsed.ok) return;
    const { family, value } = parsed.value;
    if (!covers(specialAddresses(), family, { first: value, last: value })) return;
    const problem = 'is a loopback, link-local or unspecified address';
    say('invalid', path, { value: quoted(text), problem, advice: 'use an address that is routed to the nodes' });
  });
};

/** Whether the Service is headless: it has no address, so nothing to open on a node either. */
export function isHeadless(raw: unknown): boolean {
  return valueAt(raw, CLUSTER_IP) === HEADLESS;
}

export const checkClusterIP: Check = ({ service: { type, raw } }, say) => {
  const address = valueAt(raw, CLUSTER_IP);
  if (type === 'ExternalName') forbidAddresses(raw, say);
  else if (address === HEADLESS && type !== 'ClusterIP') {
    say('forbidden', CLUSTER_IP, { value: shown(address), type, advice: 'remove it, or set type to ClusterIP' });
  } else if (typeof address === 'string' && address !== '' && address !== HEADLESS) {
    checkAddress(address, CLUSTER_IP, say);
  }
};

export const checkExternalName: Check = ({ service: { type, raw } }, say) => {
  if (type !== 'ExternalName') return;
  const name = valueAt(raw, EXTERNAL_NAME);
  const text = typeof name === 'string' ? name.replace(/\.$/, '') : '';
  if (text === '') say('missing', EXTERNAL_NAME, { advice: 'write the DNS name that the Service stands for' });
  else if (!isSubdomain(text)) {
    const advice = 'use lower-case labels of a-z, 0-9 and dashes with dots between, as in db.example.com';
    say('invalid', EXTERNAL_NAME, { value: shown(name), problem: 'is no DNS name', advice });
  }
};

function forbidAddresses(raw: unknown, say: Say): void {
  for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) {
    const path = ['spec', field];
    const value = valueAt(raw, path);
    if (value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    say('forbidden', path, { value: shown(value), type: 'ExternalName', advice: 'remove it' });
  }
}

function checkAddress(text: string, path: Path, say: Say): void {
  const parsed = parseAddress(text);
  if (parsed.ok) return;
  const data = { value: quoted(text), ...describeAddressFault(parsed.fault) };
  if (STRICT_ONLY.has(parsed.fault.code)) say('dependsOnVersion', path, { ...data, versions: '1.36 and later' });
  else say('invalid', path, data);
}
