/**
 * Which documents are worth parsing. A word is found wherever it is part of a key or value, so it must be in one piece: no white space,
 * no quotes.
 */
export interface Skim {
  /** A Service matters with one of these in its document, or always. */
  readonly serviceWords: readonly string[] | 'all';
  /** Any document matters with one of these in it. */
  readonly workloadWords: readonly string[];
  readonly namespaces: boolean;
  /** Whatever has pods matters. */
  readonly workloads: boolean;
}

/**
 * Kinds with pods, and lists of them: the items of a `DeploymentList` need no kind of their own. Custom resources have a
 * template.
 */
const WORKLOAD = wordOf([
  'Deployment',
  'DaemonSet',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
  'Pod',
  'PodTemplate',
  'Job',
  'CronJob',
  'template',
]);
const SERVICE = wordOf(['Service']);
const NAMESPACE = wordOf(['Namespace']);

/**
 * What can write a word so that nobody finds its letters side by side: `\x53`, `\u0053`, `\/`, a backslash before the end of a line, and
 * base64, the tag of which may itself be written `!!bin%61ry` or `!<...>`, or in two parts.
 */
const DISGUISE = /\\[xuU/\r\n\u0085\u2028\u2029]|![^\s,[\]{}!]*(?:binary|%)|!<|%TAG/;

const LABEL_CHARACTER = '[A-Za-z0-9._-]';
const LONGEST_LABEL_VALUE = 63;
const LABEL_VALUE = new RegExp(`^${LABEL_CHARACTER}+$`);

function wordOf(kinds: readonly string[]): RegExp {
  return new RegExp(`\\b(?:${kinds.join('|')})(?:List)*\\b`);
}

/**
 * Tells which documents of the text may matter, from their words alone. A key or value of a document is written in one piece unless
 * it is disguised, and anchors and merges reach no further than their document, so what lacks the words cannot matter,
 * however it is written. What does not look like a Kubernetes object at all may be a broken one.
 */
export function skimmer(text: string, skim: Skim): (document: string) => boolean {
  if (text.includes('AdmissionReview') || text.includes('{{') || mayDisguise(text)) {
    return (document) => isOdd(document) || hasWords(document, skim);
  }
  const here = wordsIn(text, skim);
  return (document) => lacksHead(document) || hasWords(document, here);
}

/**
 * Tells whether the text, or a document of it, may hold a workload that has a label with one of these values. For documents
 * in which nothing is wrong: the others are found by `skimmer`.
 */
export function labelSkimmer(values: ReadonlySet<string>): (text: string) => boolean {
  const search = valueSearch(values);
  return (text) => mayDisguise(text) || (WORKLOAD.test(text) && search(text));
}

/** A value stands between other characters, unless it is none that a label can have: then nobody knows. */
function valueSearch(values: ReadonlySet<string>): (text: string) => boolean {
  let shortest = Number.POSITIVE_INFINITY;
  for (const value of values) {
    if (!LABEL_VALUE.test(value)) return () => true;
    shortest = Math.min(shortest, value.length);
  }
  // Longer ones are no labels: to look for nothing shorter would take too long in a run of letters.
  const words = new RegExp(`${LABEL_CHARACTER}{${Math.min(shortest, LONGEST_LABEL_VALUE)},}`, 'g');
  return (text) => text.match(words)?.some((word) => values.has(word)) === true;
}

function mayDisguise(text: string): boolean {
  return (text.includes('\\') || text.includes('!')) && DISGUISE.test(text);
}

function isOdd(document: string): boolean {
  return (
    document.includes('AdmissionReview') || document.includes('{{') || mayDisguise(document) || lacksHead(document)
  );
}

/** Or its end, as JSON that was cut off: what is missing may have been a Service. */
function lacksHead(document: string): boolean {
  if (!document.includes('kind') || !document.includes('apiVersion')) return true;
  return /^\s*[{[]/.test(document) && !/[}\]]\s*$/.test(document.slice(-100));
}

function hasWords(document: string, { serviceWords, workloadWords, workloads, namespaces }: Skim): boolean {
  if (document.includes('Service') && SERVICE.test(document)) {
    if (serviceWords === 'all' || hasOne(document, serviceWords)) return true;
  }
  if (hasOne(document, workloadWords)) return true;
  if (workloads && WORKLOAD.test(document)) return true;
  return namespaces && document.includes('Namespace') && NAMESPACE.test(document);
}

/** Most files lack most words: their documents need not be searched for them. */
function wordsIn(text: string, { serviceWords, workloadWords, workloads, namespaces }: Skim): Skim {
  const isThere = (word: string): boolean => text.includes(word);
  return {
    serviceWords: serviceWords === 'all' ? 'all' : text.includes('Service') ? serviceWords.filter(isThere) : [],
    workloadWords: workloadWords.filter(isThere),
    workloads: workloads && WORKLOAD.test(text),
    namespaces: namespaces && NAMESPACE.test(text),
  };
}

function hasOne(document: string, words: readonly string[]): boolean {
  for (const word of words) if (document.includes(word)) return true;
  return false;
}
