import { schemaAt, type SchemaNode } from './schema-node.ts';
import { servicePlaceAt } from './service-place.ts';
import { type Span, readYamlTree } from './yaml-tree.ts';

export interface WordDescription extends Span {
  readonly title: string;
  readonly description: string;
  /** Empty where everything goes. */
  readonly values: readonly string[];
}

/** What the schema says of the key at the offset. */
export function describeWord(text: string, offset: number, schema: SchemaNode): WordDescription | undefined {
  const place = servicePlaceAt(readYamlTree(text), offset);
  if (place?.key === undefined) return undefined;
  const node = schemaAt(schema, [...place.path, place.key]);
  if (node?.description === undefined) return undefined;
  const { from, to } = place.word;
  return { from, to, title: place.key, description: node.description, values: node.enum ?? [] };
}
