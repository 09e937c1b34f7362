import { z } from 'zod';
import { defineRule } from '../define.ts';

const FIELD = 'allocateLoadBalancerNodePorts';

export const loadBalancerNodePorts = defineRule({
  name: 'load-balancer-node-ports',
  summary: 'LoadBalancer Services open no node ports of their own.',
  why: 'The node ports of a LoadBalancer are a way around its address, its firewall and its loadBalancerSourceRanges, and most load balancers do not need them.',
  subject: 'open-service',
  options: z.strictObject({
    set: z
      .boolean()
      .default(false)
      .describe(
        'Set `allocateLoadBalancerNodePorts: false` on CREATE where the author of the Service did not write it.',
      ),
  }),
  messages: {
    allocated: { text: 'true opens every port of the load balancer on all nodes too; set it to false' },
    leftOpen: { text: '{number} is open on all nodes although no node port is allocated; remove it' },
  },
  presets: { restricted: { enforcement: 'warn' } },
  set: (service, { set }) =>
    set && service.type === 'LoadBalancer' && service.allocateLoadBalancerNodePorts
      ? [{ path: ['spec', FIELD], value: false }]
      : [],
  setsFields: ({ set }) => (set ? { [FIELD]: false } : {}),
  check({ service, ports }, _, report) {
    if (service.type !== 'LoadBalancer') return;
    if (service.allocateLoadBalancerNodePorts) {
      report('allocated', ['spec', FIELD], {}, { value: true });
      return;
    }
    for (const { number, protocol, path } of ports) {
      // The health check is kube-proxy's own listener, and the load balancer needs it.
      if (path[1] !== 'ports') continue;
      report('leftOpen', path, { number }, { value: number, port: { number, protocol } });
    }
  },
});
