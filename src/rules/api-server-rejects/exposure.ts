import { HEALTH_CHECK_PATH } from '../../domain/node-port.ts';
import { valueAt } from '../../domain/path.ts';
import { type Check, shown } from './messages.ts';
import { isQualifiedName } from './names.ts';
import { checkSupported } from './values.ts';

const TRAFFIC_POLICY = ['spec', 'externalTrafficPolicy'];
const CLASS = ['spec', 'loadBalancerClass'];

export const checkTrafficPolicy: Check = ({ service }, say) => {
  const { type, externalIPs, raw } = service;
  const policy = valueAt(raw, TRAFFIC_POLICY);
  if (typeof policy !== 'string' || policy === '') return;
  if (type === 'ExternalName' || (type === 'ClusterIP' && externalIPs.length === 0)) {
    say('forbidden', TRAFFIC_POLICY, { value: shown(policy), type, advice: 'remove it, or set type to NodePort' });
  } else checkSupported(policy, TRAFFIC_POLICY, ['Cluster', 'Local'], say);
};

/** Fields that only a LoadBalancer may have. */
export const checkLoadBalancerFields: Check = ({ service: { type, raw } }, say) => {
  const advice = 'remove it, or set type to LoadBalancer';
  for (const field of ['allocateLoadBalancerNodePorts', 'loadBalancerClass']) {
    const path = ['spec', field];
    const value = valueAt(raw, path);
    if (type === 'LoadBalancer' || value === undefined || value === null) continue;
    say('forbidden', path, { value: shown(value), type, advice });
  }
  const name = valueAt(raw, CLASS);
  if (type !== 'LoadBalancer' || typeof name !== 'string' || isQualifiedName(name)) return;
  say('invalid', CLASS, {
    value: shown(name),
    problem: 'is no class name',
    advice: 'write it as in example.com/internal',
  });
};

export const checkHealthCheck: Check = ({ service }, say) => {
  const { type, externalTrafficPolicy, healthCheckNodePort: value, ports } = service;
  if (value === 0) return;
  if (type !== 'LoadBalancer') {
    say('forbidden', HEALTH_CHECK_PATH, { value, type, advice: 'remove it: only a LoadBalancer with Local has one' });
  } else if (externalTrafficPolicy !== 'Local') {
    const advice = 'remove it, or set externalTrafficPolicy to Local';
    say('invalid', HEALTH_CHECK_PATH, { value, problem: 'is only for externalTrafficPolicy Local', advice });
  } else {
    const same = ports.find(({ nodePort }) => nodePort === value);
    const other = `spec.ports[${same?.index}].nodePort`;
    if (same !== undefined) say('duplicate', HEALTH_CHECK_PATH, { value, other, advice: 'use another number' });
  }
};
