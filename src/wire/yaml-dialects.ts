import type { ScalarTag, Tags } from 'yaml';
import type { ComposerOptions } from './compose-yaml.ts';
import { DEEPEST_NESTING } from './json-guard.ts';

/** All in which one kind of YAML differs from another; everything else is the same for both, see `readYamlDocuments`. */
export interface YamlDialect {
  /** What the package is to make of scalars and tags. */
  readonly schema: ComposerOptions;
  /** A tag or directive nobody knows is a problem; else it is passed over. */
  readonly refusesUnknownTags: boolean;
  /** Keys that are numbers or booleans are taken as they are written (`1.0`), or as what they mean (`1`). */
  readonly keys: 'as-written' | 'as-read';
  /** In characters. */
  readonly longestText: number;
  readonly words: YamlWords;
}

/** The messages that each reader's users know in their own form. */
interface YamlWords {
  readonly unreadable: (reason: string) => string;
  readonly tooDeep: string;
  /** A list or mapping as a key. */
  readonly structuredKey: string;
  /** The key is safe to print. */
  readonly twice: (key: string) => string;
}

/** YAML 1.2, core schema. The text is bounded by what one ConfigMap can hold. */
export const POLICY_YAML: YamlDialect = {
  schema: { schema: 'core' },
  refusesUnknownTags: true,
  keys: 'as-written',
  longestText: 1_048_576,
  words: {
    unreadable: (reason) => `is not readable as YAML; ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`,
    tooDeep: `is nested deeper than ${DEEPEST_NESTING} levels; no document needs that`,
    structuredKey: 'a key is not plain text; quote it',
    twice: () => 'is written twice; remove one of them',
  },
};

/** What the package has for plain JSON values and `<<`; numbers are its own affair in every parser, see below. */
const KEPT_TAGS = new Set(['map', 'seq', 'str', 'null', 'bool', 'merge'].map((name) => `tag:yaml.org,2002:${name}`));

/**
 * Integers as go.yaml.in/yaml/v2 reads them (resolve.go): underscores dropped, then Go's base prefixes, so `072560` and
 * `0o72560` are octal. No sexagesimals. A leading zero before an 8 or 9 falls through to the float below: `030080` is 30080.
 */
const INTEGER: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+|[1-9][0-9_]*|0)$/,
  resolve: (text) => {
    const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
    const isOctal = /^0[0-7]/.test(digits);
    const number = Number(isOctal ? `0o${digits.slice(1)}` : digits);
    return text.startsWith('-') ? -number : number;
  },
};

/** As in yaml/v2, `30_080.5` included; what the package calls a float (`e5`, `.`) is text there. */
const FLOAT: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/,
  resolve: (text) => Number.parseFloat(text.replaceAll('_', '')),
};

/** Manifests as kubectl reads them (YAML 1.1): `yes` is a boolean, `072560` is octal, timestamps are text, `<<` merges. */
export const MANIFEST_YAML: YamlDialect = {
  schema: {
    schema: 'yaml-1.1',
    version: '1.1',
    merge: true,
    customTags: (tags: Tags) => [
      INTEGER,
      FLOAT,
      ...tags.filter((tag) => typeof tag !== 'string' && KEPT_TAGS.has(tag.tag)),
    ],
  },
  refusesUnknownTags: false,
  keys: 'as-read',
  longestText: Number.POSITIVE_INFINITY,
  words: {
    unreadable: (reason) => `this is not YAML: ${reason}`,
    tooDeep: `the input is nested deeper than ${DEEPEST_NESTING} levels; send a Kubernetes object`,
    structuredKey: 'a list or mapping is used as a key; write a plain key',
    twice: (key) => `"${key}" is there twice; remove one`,
  },
};
