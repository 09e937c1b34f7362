import type { FastifyRequest } from 'fastify';
import { isNamespaceName } from '../domain/object-ref.ts';
import { anyOf, printable } from '../domain/text.ts';
import { RequestFault } from './fault.ts';

/** The query parameters of a request, each at most once; another name, or one given twice, is a 400. */
export function queryOf<Name extends string>(
  request: FastifyRequest,
  names: readonly Name[],
): Readonly<Partial<Record<Name, string>>> {
  const query = request.query;
  const values: Partial<Record<Name, string>> = {};
  if (typeof query !== 'object' || query === null) return values;
  for (const [key, value] of Object.entries(query)) {
    const name = names.find((known) => known === key);
    if (name === undefined) {
      const known = names.length === 0 ? 'none' : anyOf(names);
      throw new RequestFault(400, 'unknown-parameter', `${printable(key)} is no parameter of this route; use ${known}`);
    }
    if (typeof value !== 'string') {
      throw new RequestFault(400, 'invalid-parameter', `${name} is given twice; send it once`);
    }
    values[name] = value;
  }
  return values;
}

/** A value that is none of `allowed` is a 400. */
export function oneOf<Value extends string>(name: string, value: string, allowed: readonly Value[]): Value {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new RequestFault(
    400,
    'invalid-parameter',
    `${name}: "${printable(value)}" is not possible; use ${anyOf(allowed)}`,
  );
}

/** A namespace as Kubernetes names them (RFC 1123 label); anything else is a 400. */
export function namespaceOf(value: string): string {
  if (isNamespaceName(value)) return value;
  throw new RequestFault(
    400,
    'invalid-parameter',
    `namespace: "${printable(value)}" is no namespace; use lower case letters, digits and -, at most 63`,
  );
}
