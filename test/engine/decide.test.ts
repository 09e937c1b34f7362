import { describe, expect, it } from 'vitest';
import type { Finding, Undetermined } from '../../src/domain/finding.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { decide, type Decision, type Door } from '../../src/engine/decide.ts';

const DOORS: readonly Door[] = ['mutate', 'validate', 'dry-run', 'check', 'audit'];

function finding(overrides: Partial<Finding> = {}): Finding {
  return {
    rule: 'node-port-range',
    messageId: 'outside',
    enforcement: 'deny',
    path: ['spec', 'ports', 0, 'nodePort'],
    field: 'spec.ports[0].nodePort',
    message: 'spec.ports[0].nodePort: 22 is outside 30000-32767; use 30104',
    value: 22,
    policies: ['default'],
    preemptsApiServer: false,
    alreadyThere: false,
    ...overrides,
  };
}

function undetermined(overrides: Partial<Undetermined> = {}): Undetermined {
  return {
    rule: 'node-port-conflict',
    needs: 'inventory',
    enforcement: 'deny',
    denies: false,
    message: 'cannot be judged; try again',
    ...overrides,
  };
}

function verdict(overrides: Partial<Verdict> = {}): Verdict {
  return {
    judged: true,
    findings: [],
    undetermined: [],
    assigned: [],
    changes: [],
    notices: [],
    service: undefined,
    ...overrides,
  };
}

const NOTHING: Decision = { allowed: true, denials: [], undeterminedDenials: [], message: '', warnings: [] };

describe('decide', () => {
  it.each(DOORS)('allows a verdict without findings at %s', (door) => {
    expect(decide(verdict(), door)).toEqual(NOTHING);
    expect(decide(verdict({ judged: false }), door)).toEqual(NOTHING);
  });

  it('writes every denial as MESSAGE [RULE], joined by "; ", undetermined ones last', () => {
    const first = finding();
    const second = finding({ rule: 'source-cidrs', message: 'metadata.annotations[x]: missing; list some' });
    const unknown = undetermined({ denies: true });
    expect(decide(verdict({ findings: [first, second], undetermined: [unknown] }), 'validate')).toEqual({
      allowed: false,
      denials: [first, second],
      undeterminedDenials: [unknown],
      message:
        'spec.ports[0].nodePort: 22 is outside 30000-32767; use 30104 [node-port-range]; ' +
        'metadata.annotations[x]: missing; list some [source-cidrs]; ' +
        'cannot be judged; try again [node-port-conflict]',
      warnings: [],
    });
  });

  it('does not shorten the message of a denial', () => {
    const message = 'x'.repeat(5000);
    expect(decide(verdict({ findings: [finding({ message })] }), 'validate').message).toBe(
      `${message} [node-port-range]`,
    );
  });

  it('writes of the first fifty denials, and knows all of them', () => {
    const findings = Array.from({ length: 51 }, (_, at) => finding({ message: `m${at}` }));
    const { denials, message } = decide(
      verdict({ findings, undetermined: [undetermined({ denies: true })] }),
      'validate',
    );
    expect(denials).toEqual(findings);
    const shown = Array.from({ length: 50 }, (_, at) => `m${at} [node-port-range]`);
    expect(message).toBe([...shown, 'and 2 more'].join('; '));
  });

  it('lets /mutate deny, and warn of, only what the API server would refuse', () => {
    const early = finding({ preemptsApiServer: true });
    const late = finding({ rule: 'source-cidrs' });
    const weak = finding({ preemptsApiServer: true, enforcement: 'warn' });
    const unknown = undetermined({ denies: true });
    const given = verdict({ findings: [late, early, weak], undetermined: [unknown], notices: ['ends soon'] });
    expect(decide(given, 'mutate')).toEqual({
      allowed: false,
      denials: [early],
      undeterminedDenials: [],
      message: `${early.message} [node-port-range]`,
      warnings: [`${weak.message} [node-port-range]`],
    });
    const mild = finding({ rule: 'source-cidrs', enforcement: 'warn' });
    expect(decide(verdict({ findings: [late, mild], undetermined: [unknown] }), 'mutate')).toEqual(NOTHING);
    expect(decide(given, 'validate').denials).toEqual([late, early]);
  });

  it('warns of findings, then of what it could not know, then of notices; of nothing that is only recorded', () => {
    const given = verdict({
      findings: [finding({ enforcement: 'audit' }), finding({ enforcement: 'warn', message: 'a' })],
      undetermined: [undetermined({ message: 'b' }), undetermined({ enforcement: 'audit', message: 'c' })],
      notices: ['d'],
    });
    const warnings = ['a [node-port-range]', 'b [node-port-conflict]', 'd'];
    for (const door of DOORS.filter((one) => one !== 'mutate')) {
      expect(decide(given, door)).toEqual({ ...NOTHING, warnings });
    }
  });

  it('warns beside a denial', () => {
    const given = verdict({ findings: [finding(), finding({ enforcement: 'warn', message: 'a' })] });
    expect(decide(given, 'validate').warnings).toEqual(['a [node-port-range]']);
  });
});

describe('a warning', () => {
  const warningOf = (message: string): string | undefined =>
    decide(verdict({ findings: [finding({ enforcement: 'warn', message })] }), 'validate').warnings[0];
  const SUFFIX = ' [node-port-range]';
  const ROOM = 120 - SUFFIX.length;

  it('has at most 120 characters, with the name of the rule whole', () => {
    expect(warningOf('x'.repeat(ROOM))).toBe(`${'x'.repeat(ROOM)}${SUFFIX}`);
    expect(warningOf('x'.repeat(ROOM + 1))).toBe(`${'x'.repeat(ROOM - 1)}…${SUFFIX}`);
    expect(warningOf('x'.repeat(10_000))).toBe(warningOf('x'.repeat(ROOM + 1)));
  });

  it('keeps what to do whole, when that is short, and else the field', () => {
    const about = 'spec.ports[0].nodePort: 31800 is outside 30100-30299 (pool shop, contact shop-team@example.com)';
    expect(warningOf(`${about}; use 30259, 30214 or 30122`)).toBe(
      `${about.slice(0, ROOM - 28)}…; use 30259, 30214 or 30122${SUFFIX}`,
    );
    const long = `; ${'x'.repeat(39)}`;
    expect(warningOf(`${about}${long}`)).toBe(`${`${about}${long}`.slice(0, ROOM - 1)}…${SUFFIX}`);
  });

  it('cuts no character in half', () => {
    const cut = warningOf(`${'x'.repeat(ROOM - 2)}😀${'x'.repeat(10)}`);
    expect(cut).toBe(`${'x'.repeat(ROOM - 2)}…${SUFFIX}`);
    expect(cut?.isWellFormed()).toBe(true);
    expect(warningOf(`${'x'.repeat(ROOM - 3)}😀${'x'.repeat(10)}`)).toBe(`${'x'.repeat(ROOM - 3)}😀…${SUFFIX}`);
  });

  it('from a notice has 120 characters as well', () => {
    expect(decide(verdict({ notices: ['n'.repeat(121)] }), 'validate').warnings).toEqual([`${'n'.repeat(119)}…`]);
  });

  it.each([
    [10, 10, []],
    [11, 10, ['and 1 more']],
    [20_000, 10, ['and 19990 more']],
  ])('is one of %d: %d are shown', (count, shown, rest) => {
    const findings = Array.from({ length: count }, (_, at) => finding({ enforcement: 'warn', message: `m${at}` }));
    expect(decide(verdict({ findings }), 'validate').warnings).toEqual([
      ...Array.from({ length: shown }, (_, at) => `m${at} [node-port-range]`),
      ...rest,
    ]);
  });
});
