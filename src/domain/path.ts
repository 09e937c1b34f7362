import { isJsonObject } from './json.ts';

/** The way from the root of an object to a field, keys and list positions. */
export type Path = readonly (string | number)[];

/** As the API server prints it: `spec.ports[0].nodePort`, `metadata.annotations[nodeport-gate.dev/pool]`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number' || !/^[A-Za-z_][A-Za-z0-9_-]*$/.test(step)) text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** RFC 6901 JSON Pointer. */
export function pointerOf(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The way back from `pointerOf`, as far as the text tells: a key of digits is taken for a place in a list. */
export function parsePointer(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^(?:0|[1-9]\d{0,8})$/.test(step) ? Number(step) : step));
}

/** The value at the path, undefined where the way ends early. Own properties only: a key called `constructor` is just a key. */
export function valueAt(root: unknown, path: Path): unknown {
  let value: unknown = root;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === 'number') value = value[step];
    else if (isJsonObject(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}

/** The text there; empty where there is none. */
export function textAt(root: unknown, path: Path): string {
  const value = valueAt(root, path);
  return typeof value === 'string' ? value : '';
}

/** The way back from `formatPath`, as far as the text tells: a key that has brackets of its own ends early. */
export function parsePath(text: string): Path {
  return Array.from(text.matchAll(/\[([^\]]*)\]|[^.[\]]+/g), ([step, bracketed]) => {
    if (bracketed === undefined) return step;
    return /^\d+$/.test(bracketed) ? Number(bracketed) : bracketed;
  });
}
