import type { Asked } from './asked-edits.ts';

interface Situation {
  readonly file: string;
  readonly asked: readonly Asked[];
}

/** One edited file each: test/fixtures/fix/NAME, and what is expected in NAME.diff. */
export const SITUATIONS: readonly Situation[] = [
  { file: 'anchors-that-are-harmless.yaml', asked: [ports(2)] },
  { file: 'blanks-behind-an-empty-value.yaml', asked: [ports(2)] },
  { file: 'block-scalars-around.yaml', asked: [ports(2, { 'spec.externalTrafficPolicy': 'Local' })] },
  { file: 'byte-order-mark.yaml', asked: [ports(1)] },
  { file: 'comments-everywhere.yaml', asked: [ports(2, { 'spec.externalTrafficPolicy': 'Local' })] },
  { file: 'crlf-and-no-newline-at-the-end.yaml', asked: [ports(1)] },
  { file: 'crlf.yaml', asked: [ports(2)] },
  { file: 'empty-values.yaml', asked: [ports(8, { 'spec.externalTrafficPolicy': 'Local' })] },
  {
    file: 'explicit-keys.yaml',
    asked: [ports(1, { 'spec.externalTrafficPolicy': 'Local', 'spec.healthCheckNodePort': 30099 })],
  },
  { file: 'flow-document.yaml', asked: [ports(2, { 'spec.allocateLoadBalancerNodePorts': false })] },
  { file: 'flow-items.yaml', asked: [ports(6)] },
  { file: 'flow-of-several-lines.yaml', asked: [ports(2, { 'spec.externalTrafficPolicy': 'Local' })] },
  { file: 'indented-by-four.yaml', asked: [ports(2)] },
  { file: 'indented-by-two.yaml', asked: [ports(2)] },
  { file: 'json-compact.json', asked: [ports(2, { 'spec.externalTrafficPolicy': 'Local' })] },
  { file: 'json-lines.jsonl', asked: [ports(1), { ...ports(1), document: 1 }] },
  {
    file: 'json-pretty.json',
    asked: [ports(3, { 'spec.externalTrafficPolicy': 'Local', 'spec.healthCheckNodePort': 30099 })],
  },
  { file: 'json-with-tabs.json', asked: [ports(1)] },
  { file: 'list-not-indented.yaml', asked: [ports(2, { 'spec.allocateLoadBalancerNodePorts': true })] },
  { file: 'list-of-services.yaml', asked: [ports(1), { ...ports(1), document: 1 }] },
  { file: 'list-that-ends-with-nothing.yaml', asked: [ports(1, { 'spec.externalTrafficPolicy': 'Local' })] },
  { file: 'merge-beside.yaml', asked: [ports(2)] },
  { file: 'no-newline-at-the-end.yaml', asked: [ports(1)] },
  {
    file: 'no-type.yaml',
    asked: [ports(1, { 'spec.externalTrafficPolicy': 'Local', 'spec.healthCheckNodePort': 30099 })],
  },
  { file: 'not-ascii.yaml', asked: [ports(2)] },
  {
    file: 'quoted-keys.yaml',
    asked: [ports(1, { 'spec.externalTrafficPolicy': 'Local', 'spec.healthCheckNodePort': 30099 })],
  },
  { file: 'quoted-number.yaml', asked: [ports(2)] },
  {
    file: 'removed-at-the-very-end.yaml',
    asked: [{ fixes: { 'spec.healthCheckNodePort': undefined, 'spec.ports.0.nodePort': 30_080 } }],
  },
  {
    file: 'removed-fields.yaml',
    asked: [
      {
        fixes: {
          'spec.externalTrafficPolicy': undefined,
          'spec.ports.0.nodePort': undefined,
          'spec.ports.1.nodePort': undefined,
          'spec.ports.2.nodePort': undefined,
          'spec.ports.3.nodePort': undefined,
          'spec.ports.4.nodePort': undefined,
          'spec.externalIPs': undefined,
          'spec.healthCheckNodePort': undefined,
        },
      },
    ],
  },
  {
    file: 'removed-from-json.json',
    asked: [
      {
        fixes: {
          'spec.ports.0.nodePort': undefined,
          'spec.ports.1.nodePort': undefined,
          'spec.healthCheckNodePort': undefined,
        },
      },
    ],
  },
  { file: 'several-documents.yaml', asked: [ports(1), { ...ports(1), document: 1 }] },
  {
    file: 'several-fields-of-one-mapping.yaml',
    asked: [
      ports(1, {
        'spec.healthCheckNodePort': 30_099,
        'spec.externalTrafficPolicy': 'Local',
        'spec.allocateLoadBalancerNodePorts': true,
        'spec.internalTrafficPolicy': 'Cluster',
      }),
    ],
  },
  { file: 'several-without-a-first-marker.yaml', asked: [ports(1), { ...ports(1), document: 1 }] },
  { file: 'text-that-looks-alike.yaml', asked: [ports(2)] },
];

/** A node port for each of the first ports, from 30080 on. */
function ports(count: number, more: Asked['fixes'] = {}): Asked {
  const nodePorts = Array.from({ length: count }, (_, index) => [`spec.ports.${index}.nodePort`, 30_080 + index]);
  return { fixes: { ...Object.fromEntries(nodePorts), ...more } };
}
