import type { SchemaNode } from '../../../src/page/playground/schema-node.ts';

/** What `/openapi/v3/api/v1` says of a type, as far as it is read here. */
interface OpenApiSchema {
  readonly $ref?: string;
  readonly allOf?: readonly OpenApiSchema[];
  readonly oneOf?: readonly OpenApiSchema[];
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly additionalProperties?: OpenApiSchema;
  readonly items?: OpenApiSchema;
  readonly enum?: readonly string[];
}

export interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, OpenApiSchema>> };
}

/** Of metadata, what somebody writes by hand. */
const METADATA = ['annotations', 'generateName', 'labels', 'name', 'namespace'];

/** A Service as somebody writes it: without status, and without what only the API server writes into metadata. */
export function serviceSchemaOf({ components: { schemas } }: OpenApi): SchemaNode {
  const node = (schema: OpenApiSchema): SchemaNode => {
    const [merged] = schema.allOf ?? [];
    const reference = schema.$ref ?? merged?.$ref;
    const target = reference === undefined ? schema : schemas[reference.slice(reference.lastIndexOf('/') + 1)];
    if (target === undefined) throw new Error(`${reference} is not there`);
    const description = firstSentence(schema.description ?? target.description ?? '');
    return { ...(description !== '' && { description }), ...shapeOf(target) };
  };
  const shapeOf = ({ type, oneOf, properties, additionalProperties, items, ...rest }: OpenApiSchema): SchemaNode => ({
    ...typeOf(type, oneOf),
    ...(properties !== undefined && { properties: mapped(properties, node) }),
    ...(additionalProperties !== undefined && { additionalProperties: node(additionalProperties) }),
    ...(items !== undefined && { items: node(items) }),
    ...(rest.enum !== undefined && { enum: rest.enum.filter((value) => value !== '') }),
  });
  const { description, type, properties = {} } = node({ $ref: '#/components/schemas/io.k8s.api.core.v1.Service' });
  const { apiVersion = {}, kind = {}, metadata = {}, spec = {}, ...others } = properties;
  return {
    ...(description !== undefined && { description }),
    ...(type !== undefined && { type }),
    properties: {
      apiVersion: { ...apiVersion, enum: ['v1'] },
      kind: { ...kind, enum: ['Service'] },
      metadata: { ...metadata, ...handwritten(metadata.properties ?? {}) },
      spec,
    },
    otherKeys: Object.keys(others),
  };
}

/** IntOrString is `oneOf`. */
function typeOf(type: OpenApiSchema['type'], oneOf: OpenApiSchema['oneOf']): Pick<SchemaNode, 'type'> {
  if (type !== undefined) return { type };
  return oneOf === undefined ? {} : { type: ['integer', 'string'] };
}

function mapped(
  properties: Readonly<Record<string, OpenApiSchema>>,
  node: (schema: OpenApiSchema) => SchemaNode,
): Readonly<Record<string, SchemaNode>> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, node(schema)]));
}

function handwritten(
  properties: Readonly<Record<string, SchemaNode>>,
): Required<Pick<SchemaNode, 'properties' | 'otherKeys'>> {
  const byHand = Object.entries(properties).filter(([name]) => METADATA.includes(name));
  return {
    properties: Object.fromEntries(byHand),
    otherKeys: Object.keys(properties).filter((name) => !METADATA.includes(name)),
  };
}

/** Up to the first period that ends a sentence: neither `e.g. this` nor `example.com`. */
function firstSentence(text: string): string {
  const [paragraph = ''] = text.split('\n\n');
  const line = paragraph.replaceAll(/\s+/g, ' ').trim();
  return /^.*?[^.]\.(?=\s+[A-Z"]|$)(?<!\b(?:e\.g|i\.e)\.)/.exec(line)?.[0] ?? line;
}
