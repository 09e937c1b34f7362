import { printable } from '../domain/text.ts';
import type { ReportedObject } from './verdict-list.ts';

/** `shop/web` for a Service, `Deployment shop/web` for anything else, its kind for what has no name. */
export function objectTitle(object: ReportedObject): string {
  const kind = object.kind === '' ? 'object' : printable(object.kind);
  const name = objectName(object);
  if (name === '') return kind;
  return object.kind === 'Service' ? name : `${kind} ${name}`;
}

/** `shop/web`; `shop/web-*` while there is only a generateName. */
export function objectName({
  namespace,
  name,
  generateName,
}: Pick<ReportedObject, 'namespace' | 'name' | 'generateName'>): string {
  const generated = generateName === undefined ? undefined : `${generateName}*`;
  return [namespace, name ?? generated]
    .filter((part) => part !== undefined)
    .map(printable)
    .join('/');
}
