import { own } from '../../domain/json.ts';
import type { Path } from '../../domain/path.ts';

/** The part of JSON Schema in which `service-schema.json` is written: everything inlined, descriptions of one sentence. */
export interface SchemaNode {
  readonly description?: string;
  /** Absent: anything. */
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean' | readonly ('integer' | 'string')[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  /** Keys that the API server knows, but that nobody writes by hand. */
  readonly otherKeys?: readonly string[];
  /** Of an object whose keys are anybody's choice. */
  readonly additionalProperties?: SchemaNode;
  readonly items?: SchemaNode;
  readonly enum?: readonly string[];
  /** One for each value of `enum`. */
  readonly enumDescriptions?: readonly string[];
}

/** What the schema says of the value at the path; undefined where it knows nothing. */
export function schemaAt(schema: SchemaNode, path: Path): SchemaNode | undefined {
  let node: SchemaNode | undefined = schema;
  for (const step of path) {
    node = typeof step === 'number' ? node?.items : (own(node?.properties ?? {}, step) ?? node?.additionalProperties);
  }
  return node;
}

/** The values that it can have, if they are known. */
export function valuesOf({ enum: values, type }: SchemaNode): readonly string[] {
  return values ?? (type === 'boolean' ? ['true', 'false'] : []);
}
