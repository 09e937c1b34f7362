import { describe, expect, it } from 'vitest';
import { jsonFault } from '../../src/wire/json-fault.ts';

function told(text: string): string | undefined {
  const fault = jsonFault(text, text.length - 1);
  return fault && `${fault.offset} ${fault.message.replace('this is not JSON: ', '')}`;
}

describe('jsonFault', () => {
  it.each([
    ['{"a": 1', '7 it ends without the closing }; complete it'],
    ['{"a": [1,\n', '10 it ends without the closing ]; complete it'],
    ['{"a"', '4 it ends without the closing }; complete it'],
    ['{"a" 1}', '5 a colon is missing before this; write one'],
    ['{"a": 1 "b": 2}', '8 a comma is missing before this; write one'],
    ['["a" "b"]', '5 a comma is missing before this; write one'],
    ['{"a": 1,}', '8 there is a comma before this; remove the comma'],
    ['["a",]', '5 there is a comma before this; remove the comma'],
    ['{"a": 1, b: 2}', '9 a key in double quotes is missing here; write one'],
    ['{"a": }', '6 a value is missing here; write one'],
    ['{"a": [,]}', '7 a value is missing here; write one'],
    ['{"a": yes}', '6 this is no value; write a text in double quotes'],
    ['{"a": 010}', '6 this is no value; write a text in double quotes'],
    ['{"a": ]}', '6 a value is missing here; write one'],
    ['{"a": [1}', '8 ] is missing before this; write it'],
    ['[{"a": 1]', '8 } is missing before this; write it'],
    ['{"a": "b}', '6 the text that begins here has no end on its line; close the quote'],
    ['{"a": "b\n"}', '6 the text that begins here has no end on its line; close the quote'],
    [String.raw`{"a": "\d"}`, String.raw`7 "\d" means nothing in a text; write \\ for a backslash`],
    [String.raw`{"a": "\u12"}`, String.raw`7 "\u" means nothing in a text; write \\ for a backslash`],
    ['{"a": "\\\u202E"}', String.raw`7 "\\u202e" means nothing in a text; write \\ for a backslash`],
    ['{"a": 1}\n{"b": }', '15 a value is missing here; write one'],
  ])('of %j', (text, expected) => {
    expect(told(text)).toBe(expected);
  });

  it.each([
    ['what may be YAML', '{a: 1'],
    ['a template', '{{ "a" }}'],
    ['a text', '"a'],
    ['YAML', 'a: 1'],
    ['what stands behind JSON', '{"a": 1}\n---\na: "'],
    ['what only YAML stumbles over', '{"a": [{"b\\u0041": -1.5e+3, "c": [true, false, null, {}, []]}]}'],
  ])('has nothing to say about %s', (_, text) => {
    expect(told(text)).toBeUndefined();
  });

  it('speaks about the value in which the reader stopped', () => {
    const text = '{"a": b}\n{"c": 1 2}';
    expect(jsonFault(text, 17)).toEqual({
      offset: 17,
      message: 'this is not JSON: a comma is missing before this; write one',
    });
  });

  it('is not impressed by depth and length', () => {
    expect(told(`["a",${'['.repeat(1_000_000)}`)).toBe('1000005 it ends without the closing ]; complete it');
    expect(told(`["${'a'.repeat(5_000_000)}"`)).toBe('5000003 it ends without the closing ]; complete it');
  });
});
