import type { JsonObject } from '../../domain/json.ts';
import { casesFor } from '../cases.ts';
import { requiredAnnotations } from './rule.ts';

const OWNER = 'example.com/owner';
const options = { keys: { [OWNER]: 'team-[a-z]+' } };
const path = ['metadata', 'annotations', OWNER];
const missing = { messageId: 'missing', path, text: 'is missing; write a value that matches team-[a-z]+' } as const;

function open(annotations?: JsonObject, name = 'web'): JsonObject {
  return {
    metadata: { name, ...(annotations !== undefined && { annotations }) },
    spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] },
  };
}

function mismatch(value: string, shown = value) {
  const text = `"${shown}" does not match team-[a-z]+; write a value that does`;
  return [{ messageId: 'mismatch', path, text, value }] as const;
}

export const cases = casesFor(requiredAnnotations, {
  valid: [
    { name: 'an annotation that matches', options, service: open({ [OWNER]: 'team-a' }) },
    { name: 'a Service that opens nothing', options, service: { spec: { ports: [{ port: 80 }] } } },
    {
      name: 'an alternative that matches the whole value only in its second part',
      options: { keys: { [OWNER]: 'a|ab' } },
      service: open({ [OWNER]: 'ab' }),
    },
    {
      name: 'no value at all where the pattern allows it',
      options: { keys: { [OWNER]: '.*' } },
      service: open({ [OWNER]: '' }),
    },
    {
      name: 'as many characters as a pattern may see',
      options: { keys: { [OWNER]: 'x*' } },
      service: open({ [OWNER]: 'x'.repeat(1024) }),
    },
    {
      name: 'a key of the name of what every object inherits',
      options: { keys: { constructor: 'x' } },
      service: open({ constructor: 'x' }),
    },
    {
      name: 'a value that would keep a backtracking engine busy for years, and one that matches it',
      options: { keys: { [OWNER]: '(x+x+)+y' } },
      service: open({ [OWNER]: `${'x'.repeat(1000)}y` }),
    },
  ],
  invalid: [
    { name: 'no annotations', options, service: open(), findings: [missing] },
    { name: 'another annotation', options, service: open({ owner: 'team-a' }), findings: [missing] },
    {
      name: 'a port that will be assigned is open, too',
      options,
      service: { spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } },
      findings: [missing],
    },
    { name: 'another value', options, service: open({ [OWNER]: 'bob' }), findings: mismatch('bob') },
    { name: 'the empty value', options, service: open({ [OWNER]: '' }), findings: mismatch('') },
    {
      name: 'null, which the API server takes for the empty value',
      options,
      service: open({ [OWNER]: null }),
      findings: mismatch(''),
    },
    {
      name: 'more than the pattern in front',
      options,
      service: open({ [OWNER]: 'a team-a' }),
      findings: mismatch('a team-a'),
    },
    {
      name: 'more than the pattern behind',
      options,
      service: open({ [OWNER]: 'team-a1' }),
      findings: mismatch('team-a1'),
    },
    {
      name: 'a second line',
      options,
      service: open({ [OWNER]: 'team-a\nteam-b' }),
      findings: mismatch('team-a\nteam-b', 'team-a\\u000ateam-b'),
    },
    {
      name: 'a second line does not slip past anchors for lines',
      options: { keys: { [OWNER]: '(?m)^team-[a-z]+$' } },
      service: open({ [OWNER]: 'team-a\nanything' }),
      findings: [
        {
          messageId: 'mismatch',
          path,
          text: '"team-a\\u000aanything" does not match (?m)^team-[a-z]+$; write a value that does',
          value: 'team-a\nanything',
        },
      ],
    },
    {
      name: 'what looks like a letter',
      options,
      service: open({ [OWNER]: 'team-\u0430' }),
      findings: mismatch('team-\u0430'),
    },
    {
      name: 'a name that disguises the rest of the line',
      options,
      service: open({ [OWNER]: 'team-a\u202e' }),
      findings: mismatch('team-a\u202e', 'team-a\\u202e'),
    },
    {
      name: 'half a character',
      options,
      service: open({ [OWNER]: 'team-\ud800' }),
      findings: mismatch('team-\ud800', 'team-\\ud800'),
    },
    {
      name: 'a value on which a backtracking engine never ends',
      options: { keys: { [OWNER]: '(x+x+)+y' } },
      service: open({ [OWNER]: 'x'.repeat(1024) }),
      findings: [
        {
          messageId: 'mismatch',
          path,
          text: `"${'x'.repeat(63)}…" does not match (x+x+)+y; write a value that does`,
          value: 'x'.repeat(1024),
        },
      ],
    },
    {
      name: 'one character more than a pattern may see',
      options: { keys: { [OWNER]: 'x*' } },
      service: open({ [OWNER]: 'x'.repeat(1025) }),
      findings: [
        {
          messageId: 'tooLong',
          path,
          text: `"${'x'.repeat(63)}…" has more than the 1024 characters that a pattern is asked about; shorten it`,
          value: 'x'.repeat(1025),
        },
      ],
    },
    {
      name: 'every key by itself, in the order of the policy',
      options: { keys: { [OWNER]: 'team-[a-z]+', ticket: '(?i)ops-[0-9]+', constructor: '.*' } },
      service: open({ ticket: 'soon' }),
      findings: [
        missing,
        {
          messageId: 'mismatch',
          path: ['metadata', 'annotations', 'ticket'],
          text: '"soon" does not match (?i)ops-[0-9]+; write a value that does',
          value: 'soon',
        },
        {
          messageId: 'missing',
          path: ['metadata', 'annotations', 'constructor'],
          text: 'is missing; write a value that matches .*',
        },
      ],
    },
    {
      name: 'what runs without the annotation',
      options,
      old: open(),
      service: open({ note: 'changed' }),
      findings: [{ ...missing, enforcement: 'warn' }],
    },
    {
      name: 'what runs with a wrong value, and gets another wrong one',
      options,
      old: open({ [OWNER]: 'bob' }),
      service: open({ [OWNER]: 'eve' }),
      findings: mismatch('eve'),
    },
    {
      name: 'an update that takes the annotation away',
      options,
      old: open({ [OWNER]: 'team-a' }),
      service: open(),
      findings: [missing],
    },
    {
      name: 'what runs without the annotation, and opens one more port',
      options,
      old: open(),
      service: {
        spec: {
          type: 'NodePort',
          ports: [
            { name: 'a', port: 80, nodePort: 30_080 },
            { name: 'b', port: 81, nodePort: 30_081 },
          ],
        },
      },
      findings: [missing],
    },
  ],
});
