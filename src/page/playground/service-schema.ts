import type { SchemaNode } from './schema-node.ts';
import coreService from './service-schema.json' with { type: 'json' };

/** What the policy in force adds to what a Service may say. */
export interface GateKeys {
  readonly pools: readonly KnownPool[];
  /** The rules that a Service may suppress by an annotation. */
  readonly suppressible: readonly string[];
}

export interface KnownPool {
  readonly name: string;
  /** `30100-30299 (shop-team@example.com)`. */
  readonly description: string;
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the compiler reads `"type": "object"` as any string
const CORE = coreService as SchemaNode;

/** A Service as the API server knows it, with the annotations that the gate reads. */
export function serviceSchema(keys: GateKeys): SchemaNode {
  const { properties = {} } = CORE;
  const { metadata = {} } = properties;
  const annotations = { ...metadata.properties?.['annotations'], properties: gateAnnotations(keys) };
  return {
    ...CORE,
    properties: { ...properties, metadata: { ...metadata, properties: { ...metadata.properties, annotations } } },
  };
}

function gateAnnotations({ pools, suppressible }: GateKeys): Readonly<Record<string, SchemaNode>> {
  return {
    'nodeport-gate.dev/source-cidrs': {
      description: 'Who may connect: networks in CIDR notation, separated by commas, such as 10.0.0.0/8.',
      type: 'string',
    },
    'nodeport-gate.dev/pool': {
      description: 'The pool that missing node ports come from, if the namespace has several.',
      type: 'string',
      enum: pools.map(({ name }) => name),
      enumDescriptions: pools.map(({ description }) => description),
    },
    ...Object.fromEntries(
      suppressible.map((rule) => [
        `ignore.nodeport-gate.dev/${rule}`,
        { description: `The reason why ${rule} is not to be applied to this Service.`, type: 'string' as const },
      ]),
    ),
  };
}
