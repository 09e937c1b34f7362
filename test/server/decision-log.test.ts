import { describe, expect, it } from 'vitest';
import type { Undetermined } from '../../src/domain/finding.ts';
import type { Assignment, Verdict } from '../../src/domain/verdict.ts';
import { untouched } from '../../src/engine/admit.ts';
import { auditAnnotations } from '../../src/server/audit-annotations.ts';
import { loggedName, makeLog, openLogStream } from '../../src/server/decision-log.ts';
import { outcomeOf, record } from '../../src/server/record.ts';
import { openGate } from '../support/open-gate.ts';

const unknown: Undetermined = {
  rule: 'node-port-pool',
  needs: 'namespace',
  enforcement: 'deny',
  denies: true,
  message: 'the labels of the namespace are not known; try again',
};

function assignment(index: number): Assignment {
  const port = `p${String(index).padStart(3, '0')}`;
  return {
    port,
    protocol: 'TCP',
    nodePort: 30_000 + index,
    pool: undefined,
    because: 'explicit',
    path: ['spec', 'ports', index, 'nodePort'],
    key: port,
  };
}

function verdictWith(parts: Partial<Verdict>): Verdict {
  return { ...untouched(''), judged: true, ...parts };
}

function logged(verdict: Verdict, name = 'web'): unknown {
  const lines: string[] = [];
  const gate = openGate({ policy: undefined, log: makeLog('info', { write: (line) => lines.push(line) }) });
  record(gate, {
    uid: 'uid-1',
    operation: 'CREATE',
    namespace: name,
    name,
    user: name,
    dryRun: false,
    door: 'validate',
    outcome: 'deny',
    verdict,
    policyHash: 'sha256:0',
    seconds: 0.0015,
  });
  return JSON.parse(lines.join(''));
}

const many = verdictWith({ assigned: Array.from({ length: 103 }, (_, index) => assignment(index)) });
const firstHundred = Array.from(
  { length: 100 },
  (_, index) => `p${String(index).padStart(3, '0')}/TCP=${30_000 + index}`,
);

describe('the line of a decision', () => {
  it('names the rules that could not know, as a denial by one would else have no reason', () => {
    expect(logged(verdictWith({ undetermined: [unknown] }))).toEqual({
      level: 'info',
      time: expect.any(String),
      uid: 'uid-1',
      operation: 'CREATE',
      namespace: 'web',
      name: 'web',
      user: 'web',
      dryRun: false,
      door: 'validate',
      decision: 'deny',
      rules: ['node-port-pool'],
      assigned: [],
      policy: 'sha256:0',
      durationMs: 1.5,
      msg: 'decision',
    });
  });

  it('lists 100 ports and counts the others', () => {
    expect(logged(many)).toMatchObject({ assigned: [...firstHundred, 'and 3 more'] });
  });

  it('cuts what the requester has named', () => {
    const cut = `${'x'.repeat(252)}…`;
    expect(logged(many, 'x'.repeat(1_000_000))).toMatchObject({ namespace: cut, name: cut, user: cut });
  });
});

describe('what became of a request', () => {
  const decision = { allowed: true, denials: [], undeterminedDenials: [], message: '', warnings: [] };

  it.each([
    ['untouched', untouched(''), decision, false],
    ['deny', verdictWith({}), { ...decision, allowed: false, warnings: ['w'] }, false],
    ['mutate', verdictWith({}), { ...decision, warnings: ['w'] }, true],
    ['warn', verdictWith({}), { ...decision, warnings: ['w'] }, false],
    ['allow', verdictWith({}), decision, false],
  ] as const)('is %s', (outcome, verdict, decided, isMutated) => {
    expect(outcomeOf(verdict, decided, isMutated)).toBe(outcome);
  });
});

describe('loggedName', () => {
  it.each([
    ['web', 'web'],
    ['x'.repeat(253), 'x'.repeat(253)],
    ['x'.repeat(254), `${'x'.repeat(252)}…`],
    ['a\u202eb\n', 'a\\u202eb\\u000a'],
    ['😀'.repeat(200), `${'😀'.repeat(126)}…`],
    [`x${'😀'.repeat(200)}`, `x${'😀'.repeat(125)}…`],
  ])('%j', (name, shown) => {
    expect(loggedName(name)).toBe(shown);
  });
});

describe('audit annotations', () => {
  it('tell what could not be known', () => {
    expect(auditAnnotations(verdictWith({ undetermined: [unknown, unknown] }), 'sha256:0')).toEqual({
      policy: 'sha256:0',
      findings: 'undetermined node-port-pool',
    });
  });

  it('list 100 ports and count the others', () => {
    expect(auditAnnotations(many, 'sha256:0')).toEqual({
      policy: 'sha256:0',
      assigned: `${firstHundred.join(' ')} and 3 more`,
    });
  });
});

describe('the stream of the log', () => {
  it('tells of each line that it drops because nobody reads', () => {
    let dropped = 0;
    const stream = openLogStream(() => (dropped += 1));
    stream.write('x'.repeat(17 * 2 ** 20));
    stream.write('x'.repeat(17 * 2 ** 20));
    expect(dropped).toBe(2);
  });
});
