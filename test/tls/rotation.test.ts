import { describe, expect, it } from 'vitest';
import { dueStep, overlapMsOf, type Period, type RotationState, type Step } from '../../src/tls/rotation.ts';
import { NOW } from '../support/now.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const YEAR = 365 * DAY;

function after(ms: number): Date {
  return new Date(NOW.getTime() + ms);
}

/** Of a certificate made `ms` after NOW that is valid for `life`; backdated by five minutes. */
function made(ms: number, life: number): Period {
  return { from: after(ms - 5 * MINUTE), to: after(ms + life) };
}

/** Both made at NOW. */
const STEADY: RotationState = {
  leaf: made(0, YEAR),
  leafFault: '',
  active: made(0, 10 * YEAR),
  next: undefined,
  hasFormer: false,
  notes: {},
};
const STARTED = NOW.toISOString();
/** The next authority published at NOW, by a set that is 100 days old. */
const PUBLISHED: RotationState = {
  ...STEADY,
  leaf: made(-100 * DAY, YEAR),
  active: made(-100 * DAY, 10 * YEAR),
  next: made(0, 10 * YEAR),
  notes: { started: STARTED },
};
/** Switched at NOW. */
const SWITCHED: RotationState = {
  ...STEADY,
  active: made(-10 * MINUTE, 10 * YEAR),
  hasFormer: true,
  notes: { started: after(-10 * MINUTE).toISOString(), switched: STARTED },
};

function none(ms: number): Step {
  return { kind: 'none', until: after(ms) };
}

const SWITCH: Step = { kind: 'switch' };
const WAIT: Step = { kind: 'wait-for-trust' };
const DROP: Step = { kind: 'drop-former' };

function renew(reason: string): Step {
  return { kind: 'renew-leaf', reason };
}

function step(state: RotationState, ms: number, trustedForMs?: number): Step {
  return dueStep(state, after(ms), trustedForMs);
}

describe('steady', () => {
  it.each<[string, number, Step]>([
    ['at once', 0, none(YEAR - 30 * DAY)],
    ['with 30 days left', YEAR - 30 * DAY, none(YEAR - 30 * DAY)],
    ['with less', YEAR - 30 * DAY + 1, renew('the certificate expires on 2027-11-21')],
    ['long after the end', 3 * YEAR, renew('the certificate expires on 2027-11-21')],
    [
      'by a clock that is ten minutes behind',
      -10 * MINUTE,
      renew('the certificate is not valid before 2026-11-21T11:55:00.000Z'),
    ],
    ['by a clock that is five minutes behind', -5 * MINUTE, none(YEAR - 30 * DAY)],
  ])('leaf %s', (_, ms, expected) => {
    expect(step(STEADY, ms)).toEqual(expected);
  });

  const aged = (ms: number): RotationState => ({ ...STEADY, leaf: made(ms, YEAR) });
  it.each<[string, RotationState, number, Step]>([
    ['has more than half a year left', aged(9 * YEAR), 9 * YEAR, none(10 * YEAR - 183 * DAY)],
    [
      'has half a year left',
      aged(10 * YEAR - 183 * DAY),
      10 * YEAR - 183 * DAY,
      { kind: 'start', reason: 'the authority ends on 2036-11-18' },
    ],
    ['has expired', STEADY, 10 * YEAR, { kind: 'start', reason: 'the authority ends on 2036-11-18' }],
    [
      'and the leaf end together: a new leaf would gain nothing',
      { ...STEADY, leaf: { from: after(9 * YEAR), to: after(10 * YEAR) } },
      10 * YEAR - DAY,
      { kind: 'start', reason: 'the authority ends on 2036-11-18' },
    ],
  ])('the authority %s', (_, state, ms, expected) => {
    expect(step(state, ms)).toEqual(expected);
  });

  it.each<[string, Partial<RotationState>, Step]>([
    ['absent', { leaf: undefined }, renew('there is no certificate')],
    ['of no use', { leafFault: 'the certificate is not for a.b.svc' }, renew('the certificate is not for a.b.svc')],
  ])('a leaf that is %s is made at once', (_, change, expected) => {
    expect(step({ ...STEADY, ...change }, 0)).toEqual(expected);
  });
});

describe('published', () => {
  const FAR = 3_600_000;
  it.each<[string, number, number | undefined, Step]>([
    ['at once', 0, FAR, none(10 * MINUTE)],
    ['in the last moment of the overlap', 10 * MINUTE - 1, FAR, none(10 * MINUTE)],
    ['after it', 10 * MINUTE, FAR, SWITCH],
    ['after it, trusted for long enough', 10 * MINUTE, 30_000, SWITCH],
    ['after it, trusted only just now', 10 * MINUTE, 29_999, WAIT],
    ['after it, not trusted', 10 * MINUTE, undefined, WAIT],
    ['days after it, not trusted', 5 * DAY, undefined, WAIT],
    ['where nobody calls', 10 * MINUTE, Infinity, SWITCH],
    ['by a clock that is two minutes behind the writer', -2 * MINUTE, FAR, none(10 * MINUTE)],
    ['by a clock that is two minutes ahead: shorter by as much', 10 * MINUTE, FAR, SWITCH],
  ])('%s', (_, ms, trusted, expected) => {
    expect(step(PUBLISHED, ms, trusted)).toEqual(expected);
  });

  it.each<[string, RotationState['notes'], number, Step]>([
    ['no notes', {}, 10 * MINUTE - 1, none(10 * MINUTE)],
    ['no notes, later', {}, 10 * MINUTE, SWITCH],
    ['a start that is no date', { started: 'yesterday' }, 10 * MINUTE - 1, none(10 * MINUTE)],
    ['a start long before it was made', { started: '1970-01-01T00:00:00Z' }, 10 * MINUTE - 1, none(10 * MINUTE)],
    ['a start in the year 9999', { started: '9999-12-31T23:59:59Z' }, 10 * MINUTE, SWITCH],
    ['a day that is none', { started: '2026-13-45T00:00:00Z' }, 10 * MINUTE, SWITCH],
    ['a start a little ahead', { started: after(4 * MINUTE).toISOString() }, 10 * MINUTE, none(14 * MINUTE)],
    ['an overlap of its own', { started: STARTED, overlap: '1h' }, 60 * MINUTE - 1, none(60 * MINUTE)],
    ['an overlap of its own, over', { started: STARTED, overlap: '1h' }, 60 * MINUTE, SWITCH],
    ['no overlap at all', { started: STARTED, overlap: '0s' }, 10 * MINUTE - 1, none(10 * MINUTE)],
    ['an overlap below none', { started: STARTED, overlap: '-5m' }, 10 * MINUTE - 1, none(10 * MINUTE)],
    ['an overlap for ever', { started: STARTED, overlap: '9999999d' }, 10 * MINUTE, SWITCH],
    ['an overlap that is none', { started: STARTED, overlap: 'x'.repeat(100_000) }, 10 * MINUTE, SWITCH],
  ])('with %s', (_, notes, ms, expected) => {
    expect(step({ ...PUBLISHED, notes }, ms, FAR)).toEqual(expected);
  });

  it('a short overlap shortens the wait for trust, too', () => {
    const notes = { started: STARTED, overlap: '5s' };
    expect(step({ ...PUBLISHED, notes }, 5_000, 4_999)).toEqual(WAIT);
    expect(step({ ...PUBLISHED, notes }, 5_000, 5_000)).toEqual(SWITCH);
  });

  it('renews the leaf while the switch waits, and only then', () => {
    const state: RotationState = { ...PUBLISHED, leaf: made(-360 * DAY, YEAR) };
    expect(step(state, 0, FAR)).toEqual(renew('the certificate expires on 2026-11-26'));
    expect(step(state, 11 * MINUTE)).toEqual(renew('the certificate expires on 2026-11-26'));
    expect(step(state, 11 * MINUTE, FAR)).toEqual(SWITCH);
  });

  it('waits for trust only when the authority that signs has expired', () => {
    const state: RotationState = {
      ...PUBLISHED,
      active: { from: after(-10 * YEAR), to: NOW },
      leaf: made(-YEAR, YEAR),
    };
    expect(step(state, 0)).toEqual(WAIT);
    expect(step(state, 0, FAR)).toEqual(SWITCH);
  });

  it('begins anew when the next authority has expired meanwhile', () => {
    const state: RotationState = {
      ...PUBLISHED,
      active: made(0, 100 * DAY),
      leaf: made(0, 100 * DAY),
      next: made(-DAY, DAY),
    };
    expect(step(state, DAY, FAR)).toEqual({ kind: 'start', reason: 'the authority ends on 2027-03-01' });
  });
});

describe('switched', () => {
  it.each<[string, number, Step]>([
    ['at once', 0, none(10 * MINUTE)],
    ['in the last moment of the overlap', 10 * MINUTE - 1, none(10 * MINUTE)],
    ['after it', 10 * MINUTE, DROP],
    ['years after it', 10 * YEAR - 11 * MINUTE, renew('the certificate expires on 2027-11-21')],
    ['by a clock that is two minutes behind', -2 * MINUTE, none(10 * MINUTE)],
  ])('%s', (_, ms, expected) => {
    expect(step(SWITCHED, ms)).toEqual(expected);
  });

  it.each<[string, RotationState['notes'], number, Step]>([
    ['no notes', {}, 10 * MINUTE - 1, none(10 * MINUTE)],
    ['no notes, later', {}, 10 * MINUTE, DROP],
    [
      'a switch long before the leaf was made',
      { switched: '2020-01-01T00:00:00Z' },
      10 * MINUTE - 1,
      none(10 * MINUTE),
    ],
    ['a switch in the year 9999', { switched: '9999-12-31T23:59:59Z' }, 10 * MINUTE, DROP],
    ['an overlap of its own', { switched: STARTED, overlap: '90s' }, 90_000, DROP],
  ])('with %s', (_, notes, ms, expected) => {
    expect(step({ ...SWITCHED, notes }, ms)).toEqual(expected);
  });
});

describe('overlapMsOf', () => {
  it.each([
    ['5s', 5_000],
    ['90s', 90_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['30d', 30 * DAY],
    ['4s', undefined],
    ['31d', undefined],
    ['10', undefined],
    ['1e3s', undefined],
    [' 10m', undefined],
    ['10m\n', undefined],
    ['', undefined],
  ])('%j', (text, expected) => {
    expect(overlapMsOf(text)).toBe(expected);
  });
});
