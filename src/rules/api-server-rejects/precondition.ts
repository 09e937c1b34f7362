import { isJsonObject, type JsonObject } from '../../domain/json.ts';
import { valueAt } from '../../domain/path.ts';
import { SOURCE_RANGES_ANNOTATION } from './source-ranges.ts';

/**
 * Parts of everything that has to do with being reached from outside of the cluster, as people spell and misspell it:
 * types, fields, the annotation of load balancers.
 */
export const OUTSIDE_WORDS: readonly string[] = [
  'odePort',
  'odeport',
  'ode-port',
  'ode_port',
  'NODEPORT',
  'oadBalancer',
  'oadbalancer',
  'oad-balancer',
  'oad_balancer',
  'LOADBALANCER',
  'xternal',
  'EXTERNAL',
];

/**
 * Whether the Service says anything about being reached from outside. The words are those by which a file is known to be
 * worth reading, so a Service is judged the same whether or not something else made its file worth it.
 */
export function isAboutOutside(service: JsonObject): boolean {
  const spec = valueAt(service, ['spec']);
  const type = valueAt(spec, ['type']);
  const ports = valueAt(spec, ['ports']);
  return (
    (typeof type === 'string' && isOutsideWord(type)) ||
    hasOutsideKey(service) ||
    hasOutsideKey(spec) ||
    (Array.isArray(ports) && ports.some(hasOutsideKey)) ||
    valueAt(service, ['metadata', 'annotations', SOURCE_RANGES_ANNOTATION]) !== undefined
  );
}

function hasOutsideKey(value: unknown): boolean {
  return isJsonObject(value) && Object.keys(value).some(isOutsideWord);
}

function isOutsideWord(text: string): boolean {
  return OUTSIDE_WORDS.some((word) => text.includes(word));
}
