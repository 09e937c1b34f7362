import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Json } from '../../src/domain/json.ts';
import { bindRules } from '../../src/policy/presets.ts';
import { defineRule, type Rule } from '../../src/rules/define.ts';
import { rules as registry } from '../../src/rules/index.ts';
import { RESTRICTED } from './readable-policy.ts';

/** A rule whose options can be seen from outside. */
function visibleRule(name: string, presets: Parameters<typeof define>[1], absolute?: true): Rule {
  return define(name, presets, absolute);
}

function define(name: string, presets: { baseline?: typeof PRESET; restricted?: typeof PRESET }, absolute?: true) {
  return defineRule({
    name,
    summary: '',
    why: '',
    subject: 'open-service',
    ...(absolute !== undefined && { absolute }),
    options: z.strictObject({
      list: z.array(z.string()).default([]),
      sizes: z.strictObject({ small: z.int().optional(), large: z.int().optional() }).default({}),
      loud: z.boolean().default(false),
    }),
    messages: {},
    presets,
    setsFields: (options) => ({ options: JSON.stringify(options) }),
    check: () => undefined,
  });
}

const PRESET = { enforcement: 'warn' as const, list: ['a', 'b'], sizes: { small: 1, large: 9 } };
const fruit = visibleRule('fruit', { restricted: PRESET });
const stone = visibleRule('stone', { baseline: { ...PRESET, list: ['s'] }, restricted: { ...PRESET, list: ['r'] } });

/** `NAME ENFORCEMENT OPTIONS` of every rule that is on, or `PATH: MESSAGE` of every problem. */
function bound(spec: Json, rules: readonly Rule[] = [stone, fruit]): readonly unknown[] {
  const result = bindRules({ spec }, rules);
  if (result.remarks.length > 0) return result.remarks.map(({ path, message }) => `${path.join('/')}: ${message}`);
  return result.rules.map(({ meta, enforcement, setsFields }) => [
    meta.name,
    enforcement,
    JSON.parse(String(setsFields['options'])),
  ]);
}

const NONE = { list: [], sizes: {}, loud: false };

describe('a rule is on', () => {
  it('with the defaults of its options where no preset is', () => {
    expect(bound({ rules: { fruit: {} } })).toEqual([['fruit', 'deny', NONE]]);
    expect(bound({ preset: 'none', rules: { fruit: { enforcement: 'audit' } } })).toEqual([['fruit', 'audit', NONE]]);
  });

  it('where its preset has it, with the options and enforcement of the preset', () => {
    expect(bound({ preset: 'baseline' })).toEqual([
      ['stone', 'warn', { list: ['s'], sizes: { small: 1, large: 9 }, loud: false }],
    ]);
    expect(bound({ preset: 'restricted' })).toEqual([
      ['stone', 'warn', { list: ['r'], sizes: { small: 1, large: 9 }, loud: false }],
      ['fruit', 'warn', { list: ['a', 'b'], sizes: { small: 1, large: 9 }, loud: false }],
    ]);
  });

  it('in the order of the registry, not of the document', () => {
    expect(bound({ rules: { fruit: {}, stone: {} } })).toEqual([
      ['stone', 'deny', NONE],
      ['fruit', 'deny', NONE],
    ]);
  });

  it('not at all without a preset or an entry', () => {
    expect(bound({})).toEqual([]);
    expect(bound({ preset: 'none' })).toEqual([]);
  });
});

describe('an entry over a preset', () => {
  it('is merged key by key; a list is replaced', () => {
    const rules = { fruit: { list: ['c'], sizes: { large: 5 }, loud: true } };
    expect(bound({ preset: 'restricted', rules }, [fruit])).toEqual([
      ['fruit', 'warn', { list: ['c'], sizes: { small: 1, large: 5 }, loud: true }],
    ]);
  });

  it('may change nothing', () => {
    expect(bound({ preset: 'restricted', rules: { fruit: {} } }, [fruit])).toEqual([
      ['fruit', 'warn', { list: ['a', 'b'], sizes: { small: 1, large: 9 }, loud: false }],
    ]);
  });

  it('may give the enforcement alone', () => {
    expect(bound({ preset: 'restricted', rules: { fruit: { enforcement: 'deny' } } }, [fruit])).toEqual([
      ['fruit', 'deny', { list: ['a', 'b'], sizes: { small: 1, large: 9 }, loud: false }],
    ]);
  });

  it('never changes the preset', () => {
    bound({ preset: 'restricted', rules: { fruit: { sizes: { small: 7 } } } });
    expect(fruit.presets.restricted).toEqual(PRESET);
  });

  it('of off takes the rule out', () => {
    expect(bound({ preset: 'restricted', rules: { fruit: 'off', stone: 'off' } })).toEqual([]);
    expect(bound({ rules: { fruit: 'off' } })).toEqual([]);
  });
});

describe('a rule that cannot be switched off', () => {
  const iron = visibleRule('iron', { baseline: { ...PRESET } }, true);

  it('stays on where the preset has it', () => {
    expect(bound({ preset: 'baseline', rules: { iron: 'off' } }, [iron])).toEqual([
      'spec/rules/iron: cannot be switched off under this preset, it closes a hole of Kubernetes itself; remove the line',
    ]);
  });

  it('may be named off where it is not on', () => {
    expect(bound({ preset: 'restricted', rules: { iron: 'off' } }, [iron])).toEqual([]);
  });
});

describe('what is written wrong', () => {
  it('is reported for every entry', () => {
    const rules = { fruit: 'on', stone: { list: 'a', loud: 1, sizes: { small: '1', huge: 1 } }, frut: {}, rock: null };
    expect(bound({ preset: 'restricted', rules })).toEqual([
      'spec/rules/frut: is no rule; did you mean fruit?',
      'spec/rules/rock: is no rule; use stone or fruit',
      'spec/rules/stone/list: "a" is text; write a list',
      'spec/rules/stone/sizes/small: "1" is text; write a number',
      'spec/rules/stone/sizes/huge: is unknown; use small or large',
      'spec/rules/stone/loud: 1 is a number; write true or false',
      'spec/rules/fruit: is neither a mapping of options nor off; write {} for the defaults',
    ]);
  });

  it('never finds rules in the prototype of a mapping', () => {
    const constructor = visibleRule('constructor', {});
    expect(bound({ rules: {} }, [constructor])).toEqual([]);
    expect(bound({ rules: { toString: {} } }, [constructor])).toEqual([
      'spec/rules/toString: is no rule; use constructor',
    ]);
  });
});

describe('the presets of the registry', () => {
  const turnedOn = (preset: 'baseline' | 'restricted'): readonly string[] => {
    const { rules, remarks } = bindRules({ spec: { preset } }, registry);
    expect(remarks).toEqual([]);
    return rules.map(({ meta, enforcement }) => `${meta.name}: ${enforcement}`);
  };

  it('baseline', () => {
    expect(turnedOn('baseline')).toEqual([
      'api-server-rejects: deny',
      'ephemeral-range: warn',
      'external-name-node-port: deny',
      'host-port: warn',
      'node-port-conflict: deny',
      'node-port-pool: deny',
      'node-port-quota: deny',
      'node-port-range: deny',
      'node-port-reserved: deny',
      'null-node-port: warn',
      'shared-port-number: warn',
    ]);
  });

  it('restricted', () => {
    expect(turnedOn('restricted')).toEqual(RESTRICTED);
  });
});
