import type { SyntaxNode } from '@lezer/common';
import { own } from '../../domain/json.ts';
import { printable } from '../../domain/text.ts';
import { insteadOf, meantBy } from '../../policy/did-you-mean.ts';
import { type SchemaNode, valuesOf } from './schema-node.ts';
import { writtenObjects } from './written-objects.ts';
import { entriesOf, isMapping, isSequence, itemsOf, scalarText, type Span, type YamlTree } from './yaml-tree.ts';

export interface UnknownWord extends Span {
  readonly message: string;
}

/** A text of nothing but unknown keys gets no longer list. */
const MOST_WORDS = 100;

/** What a Service says that the schema does not know: the API server drops unknown keys and refuses unknown values. */
export function unknownWords(text: string, schema: SchemaNode): readonly UnknownWord[] {
  const services = writtenObjects(text).filter(({ kind }) => kind === 'Service');
  return services.flatMap(({ tree, root }) => wordsIn(tree, root, schema)).slice(0, MOST_WORDS);
}

function wordsIn(tree: YamlTree, node: SyntaxNode, schema: SchemaNode): readonly UnknownWord[] {
  if (isMapping(node)) return inMapping(tree, node, schema);
  const { items } = schema;
  if (isSequence(node)) {
    const values = itemsOf(node).flatMap(({ value }) => value ?? []);
    return items === undefined ? [] : values.flatMap((value) => wordsIn(tree, value, items));
  }
  const allowed = valuesOf(schema);
  const word = scalarText(tree, node);
  // An alias or a block literal is not looked into.
  if (allowed.length === 0 || allowed.includes(word) || !node.name.endsWith('Literal') || word.includes('\n'))
    return [];
  const { from, to } = node;
  return [{ from, to, message: `${printable(word)} is no value of this field; ${insteadOf(word, allowed)}` }];
}

function inMapping(tree: YamlTree, mapping: SyntaxNode, schema: SchemaNode): readonly UnknownWord[] {
  const { properties, additionalProperties, otherKeys = [] } = schema;
  if (properties === undefined && additionalProperties === undefined) return [];
  const known = properties ?? {};
  return entriesOf(tree, mapping).flatMap(({ key, keySpan, value }) => {
    const property = own(known, key) ?? additionalProperties;
    if (property !== undefined) return value === undefined ? [] : wordsIn(tree, value, property);
    if (otherKeys.includes(key) || key === '<<') return [];
    const meant = meantBy(key, Object.keys(known));
    const advice = meant === undefined ? 'Ctrl+Space shows those there are' : `did you mean ${meant}?`;
    return [{ ...keySpan, message: `${printable(key)} is no field of a Service here; ${advice}` }];
  });
}
