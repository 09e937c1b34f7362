import type { ScalarTag, Tags } from 'yaml';
import type { ComposerOptions } from './compose-yaml.ts';
import type { Json } from '../domain/json.ts';
import { DEEPEST_NESTING } from './json-guard.ts';

/** All in which one kind of YAML differs from another; everything else is the same for both, see `readYamlDocuments`. */
export interface YamlDialect {
  /** What the package is to make of scalars and tags. */
  readonly schema: ComposerOptions;
  /** A tag or directive nobody knows is a problem; else it is passed over. */
  readonly refusesUnknownTags: boolean;
  /** Keys that are numbers or booleans are taken as they are written (`1.0`), or as what they mean (`1`). */
  readonly keys: 'as-written' | 'as-read';
  /**
   * What ends a line besides LF and CRLF. kubectl's YAML 1.1 knows some: hidden behind one in a comment, `nodePort: 22` is no
   * comment any more.
   */
  readonly lineBreaks: RegExp | undefined;
  /** In characters. */
  readonly longestText: number;
  /** What a word without quotes means; undefined where that is for the package to say. */
  readonly plainWord: (word: string) => Json | undefined;
  readonly words: YamlWords;
}

/** The messages that each reader's users know in their own form. */
interface YamlWords {
  readonly unreadable: (reason: string, advice: string) => string;
  readonly tooDeep: string;
  /** A list or mapping as a key. */
  readonly structuredKey: string;
  /** The key is safe to print. */
  readonly twice: (key: string) => string;
}

const MEANT = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
const LONGEST_MEANT = 5;

/** Whether the word is no plain text in some kind of YAML. */
export function isMeant(word: string): boolean {
  return word.length <= LONGEST_MEANT && MEANT.test(word);
}

function meaningOf(word: string): Json | undefined {
  if (word === 'true') return true;
  if (word === 'false') return false;
  return isMeant(word) ? undefined : word;
}

/** Text in YAML 1.2. */
const BOOLEAN_ELSEWHERE = /^(?:y|n|yes|no|on|off)$/i;
/** What every kind of YAML, and JavaScript, reads in the same way. */
const PLAIN_NUMBER = /^(?:0|[1-9][0-9]{0,14})$/;
/** `30000-32767`, `2027-03-31`: text. */
const DASHED = /^[0-9]+(?:-[0-9]+)+$/;

function coreNumber(word: string): Json | undefined {
  if (PLAIN_NUMBER.test(word)) return Number(word);
  return DASHED.test(word) ? word : undefined;
}

/** YAML 1.2, core schema. The text is bounded by what one ConfigMap can hold. */
export const POLICY_YAML: YamlDialect = {
  schema: { schema: 'core' },
  refusesUnknownTags: true,
  keys: 'as-written',
  lineBreaks: undefined,
  longestText: 1_048_576,
  plainWord: (word) => {
    if (NUMERIC.test(word)) return coreNumber(word);
    return BOOLEAN_ELSEWHERE.test(word) ? word : meaningOf(word);
  },
  words: {
    unreadable: (reason) => `is not readable as YAML; ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`,
    tooDeep: `is nested deeper than ${DEEPEST_NESTING} levels; no document needs that`,
    structuredKey: 'a key is not plain text; quote it',
    twice: () => 'is written twice; remove one of them',
  },
};

/** What the package has for plain JSON values and `<<`; numbers are its own affair in every parser, see below. */
const KEPT_TAGS = new Set(['map', 'seq', 'str', 'null', 'bool', 'merge'].map((name) => `tag:yaml.org,2002:${name}`));

/** What may be a number; whether it is one, `numberIn` says. */
const NUMERIC = /^[-+.0-9][-+.0-9a-fA-FxXoO_]*$/;
const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0(?:[oO]?[0-7]+)?|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/**
 * Numbers as go.yaml.in/yaml/v2 reads them (resolve.go): underscores dropped wherever they are, then Go's base prefixes, so
 * `072560` and `0o72560` are octal. No sexagesimals. A leading zero before an 8 or 9 makes a float: `030080` is 30080. What
 * is too large for a float stays text there.
 */
function numberIn(text: string): number | string {
  const plain = text.replaceAll('_', '');
  if (INTEGER.test(plain)) {
    const digits = plain.replace(/^[-+]/, '');
    const number = Number(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
    return plain.startsWith('-') ? -number : number;
  }
  const number = FLOAT.test(plain) ? Number.parseFloat(plain) : Number.NaN;
  return Number.isFinite(number) ? number : text;
}

const NUMBERS: readonly ScalarTag[] = ['int', 'float'].map((name) => ({
  tag: `tag:yaml.org,2002:${name}`,
  default: true,
  test: NUMERIC,
  resolve: numberIn,
}));

/** Text in disguise: `kind: !!binary U2VydmljZQ==` is a Service to kubectl. */
const BINARY: ScalarTag = {
  tag: 'tag:yaml.org,2002:binary',
  default: false,
  resolve: (text, onError) => {
    try {
      return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
    } catch {
      onError('!!binary takes base64');
      return text;
    }
  },
};

/** Where these are there twice, two objects were mostly put together. */
const HEAD_KEYS: ReadonlySet<string> = new Set(['apiVersion', 'kind']);

/** Manifests as kubectl reads them (YAML 1.1): `yes` is a boolean, `072560` is octal, timestamps are text, `<<` merges. */
export const MANIFEST_YAML: YamlDialect = {
  schema: {
    schema: 'yaml-1.1',
    version: '1.1',
    merge: true,
    customTags: (tags: Tags) => [
      ...NUMBERS,
      BINARY,
      ...tags.filter((tag) => typeof tag !== 'string' && KEPT_TAGS.has(tag.tag)),
    ],
  },
  refusesUnknownTags: false,
  keys: 'as-read',
  lineBreaks: /\r(?!\n)|[\u0085\u2028\u2029]/g,
  longestText: Number.POSITIVE_INFINITY,
  plainWord: (word) => (NUMERIC.test(word) ? numberIn(word) : meaningOf(word)),
  words: {
    unreadable: (reason, advice) => `this is not YAML: ${reason}; ${advice}`,
    tooDeep: `the input is nested deeper than ${DEEPEST_NESTING} levels; send a Kubernetes object`,
    structuredKey: 'a list or mapping is used as a key; write a plain key',
    twice: (key) =>
      HEAD_KEYS.has(key)
        ? `"${key}" is there twice; remove one, or put --- between two objects`
        : `"${key}" is there twice; remove one`,
  },
};
