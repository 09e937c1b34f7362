import type { X509Certificate } from 'node:crypto';
import { escaped } from '../domain/text.ts';
import type { KeptSet } from '../tls/kept-set.ts';
import { dueStep } from '../tls/rotation.ts';

const DAY_MS = 24 * 3_600_000;

/** One certificate for people, under a title. */
export function certificateText(title: string, certificate: X509Certificate, now: Date): string {
  const { subject, issuer, subjectAltName, validFrom, validTo, serialNumber, fingerprint256 } = certificate;
  const rows = [
    ['subject', subject],
    ['issuer', issuer],
    ['names', subjectAltName ?? 'none'],
    ['valid', `${moment(validFrom)} to ${moment(validTo)} (${remaining(validTo, now)})`],
    ['serial', serialNumber],
    ['fingerprint', `SHA-256 ${fingerprint256}`],
  ];
  const lines = rows.map(([name = '', value = '']) => `  ${name.padEnd(11)}  ${oneLine(value)}`);
  return [title, ...lines, ''].join('\n');
}

/** Where the rotation of a kept set stands, and what comes next. */
export function rotationText(set: KeptSet, now: Date): string {
  const { next, state } = set;
  const phase =
    next !== undefined
      ? 'rotation  callers are told to trust the next authority, too'
      : state.hasFormer
        ? 'rotation  the new authority signs; callers still trust the former one'
        : 'rotation  none under way';
  return `${phase}\nnext      ${nextText(set, now)}\n`;
}

/** For how long callers trust an authority only the gate knows: taken as long enough. */
function nextText({ state }: KeptSet, now: Date): string {
  const step = dueStep(state, now, Infinity);
  switch (step.kind) {
    case 'none':
      return `${expected(dueStep(state, step.until, Infinity).kind)} from ${step.until.toISOString()}`;
    case 'renew-leaf':
    case 'start':
      return `${expected(step.kind)} now: ${escaped(step.reason)}`;
    case 'wait-for-trust':
    case 'switch':
    case 'drop-former':
      return `${expected(step.kind)} now`;
  }
}

function expected(kind: ReturnType<typeof dueStep>['kind']): string {
  switch (kind) {
    case 'none':
    case 'renew-leaf':
      return 'a new certificate';
    case 'start':
      return 'the next authority is published';
    case 'wait-for-trust':
    case 'switch':
      return 'a certificate of the next authority, once every webhook configuration trusts it,';
    case 'drop-former':
      return 'the former authority is dropped';
  }
}

function moment(text: string): string {
  return new Date(text).toISOString();
}

function remaining(validTo: string, now: Date): string {
  const left = Math.floor((Date.parse(validTo) - now.getTime()) / DAY_MS);
  return left < 0 ? 'expired' : `${left} days left`;
}

/** A subject has one line per part, and may have been written by anybody. */
function oneLine(text: string): string {
  return escaped(text.trim().replaceAll('\n', ', '));
}
