import { own } from './json.ts';

/** Kubernetes label selector (meta/v1 LabelSelector): all parts must hold. An empty one selects everything. */
export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values: readonly string[];
  }[];
}

export type Labels = Readonly<Record<string, string>>;

/** `namespaces` and/or `namespaceSelector`; what is absent does not narrow. */
export interface NamespaceCriteria {
  readonly namespaces: readonly string[] | undefined;
  readonly namespaceSelector: LabelSelector | undefined;
}

/** Three-valued: a selector over labels that nobody knows is neither a match nor a miss. */
export type Match = 'yes' | 'no' | 'unknown';

/** `*` stands for any run of characters, also none; a glob matches the whole name. Linear in both lengths: no regular expression. */
export function matchesGlob(glob: string, name: string): boolean {
  const [head = '', ...rest] = glob.split('*');
  const tail = rest.pop();
  if (tail === undefined) return glob === name;
  if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false;
  let from = head.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= name.length - tail.length;
}

export function matchesAnyGlob(globs: readonly string[], name: string): boolean {
  return globs.some((glob) => matchesGlob(glob, name));
}

export function matchesLabels(selector: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(selector.matchLabels).every(([key, value]) => own(labels, key) === value) &&
    selector.matchExpressions.every(({ key, operator, values }) => {
      const value = own(labels, key);
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value);
        // Kubernetes: NotIn also selects objects that do not have the key.
        case 'NotIn':
          return value === undefined || !values.includes(value);
        case 'Exists':
          return value !== undefined;
        case 'DoesNotExist':
          return value === undefined;
      }
    })
  );
}

/** `labels` is undefined where the labels of the namespace are not known. */
export function matchesNamespace(criteria: NamespaceCriteria, namespace: string, labels: Labels | undefined): Match {
  if (criteria.namespaces !== undefined && !matchesAnyGlob(criteria.namespaces, namespace)) return 'no';
  if (criteria.namespaceSelector === undefined) return 'yes';
  if (labels === undefined) return 'unknown';
  return matchesLabels(criteria.namespaceSelector, labels) ? 'yes' : 'no';
}
