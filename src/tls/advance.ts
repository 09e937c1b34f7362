import { X509Certificate } from 'node:crypto';
import { type KeyPair, makeAuthority } from './authority.ts';
import { readCertificates } from './judge.ts';
import { formerOnes, type KeptSet, type KeptTexts } from './kept-set.ts';
import { type LeafNames, makeLeaf } from './leaf.ts';
import type { RotationNotes, Step } from './rotation.ts';

/** A set as it is to be kept: every text and note that is not here goes. */
export interface KeptChange {
  readonly texts: KeptTexts;
  readonly notes: RotationNotes;
}

/** The steps that change something. */
export type ChangingStep = Extract<Step['kind'], 'renew-leaf' | 'start' | 'switch' | 'drop-former'>;

/** A new set: one authority, its key kept for the renewals to come, and a certificate of it. */
export async function makeKept(names: LeafNames, now: Date): Promise<KeptChange> {
  const active = await makeAuthority(now, 'cluster');
  return written({ leaf: await makeLeaf(active, names, now), active, bundle: active.cert, next: undefined, notes: {} });
}

/** The set as it was read, to be kept again. */
export function rewritten(set: KeptSet): KeptChange {
  return written(set);
}

/** The set after a step. `start` takes the overlap from the notes, so a caller with another one puts it there. */
export async function advance(set: KeptSet, step: ChangingStep, names: LeafNames, now: Date): Promise<KeptChange> {
  const moment = now.toISOString();
  switch (step) {
    case 'renew-leaf':
      return written({ ...set, leaf: await makeLeaf(set.active, names, now) });
    case 'start': {
      const next = await makeAuthority(now, 'cluster');
      const bundle = bundled([set.active.cert, next.cert, without(set.bundle, certificatesOf([set.active, set.next]))]);
      return written({ ...set, next, bundle, notes: { overlap: set.notes.overlap, started: moment } });
    }
    case 'switch': {
      const { next } = set;
      if (next === undefined) return written(set);
      const bundle = bundled([next.cert, without(set.bundle, certificatesOf([next]))]);
      const notes = { ...set.notes, switched: moment };
      return written({ leaf: await makeLeaf(next, names, now), active: next, next: undefined, bundle, notes });
    }
    case 'drop-former':
      return written({
        ...set,
        bundle: without(set.bundle, formerOnes(set.bundle, [set.active, set.next])),
        notes: {},
      });
  }
}

function written({ leaf, bundle, active, next, notes }: Omit<KeptSet, 'state'>): KeptChange {
  return {
    texts: {
      ...(leaf && { 'tls.crt': line(leaf.cert), 'tls.key': line(leaf.key) }),
      'ca.crt': line(bundle),
      'ca.key': line(active.key),
      ...(next && { 'next-ca.crt': line(next.cert), 'next-ca.key': line(next.key) }),
    },
    notes,
  };
}

/** The bundle without these. */
function without(bundle: string, gone: readonly X509Certificate[]): string {
  const prints = gone.map(({ fingerprint256 }) => fingerprint256);
  return bundled(
    readCertificates(bundle)
      .filter(({ fingerprint256 }) => !prints.includes(fingerprint256))
      .map(String),
  );
}

function certificatesOf(pairs: readonly (KeyPair | undefined)[]): readonly X509Certificate[] {
  return pairs.flatMap((pair) => (pair === undefined ? [] : [new X509Certificate(pair.cert)]));
}

function bundled(pems: readonly string[]): string {
  return pems
    .filter((pem) => pem.trim() !== '')
    .map(line)
    .join('');
}

/** With a line feed at the end, so that texts can be put together. */
function line(pem: string): string {
  return `${pem.trim()}\n`;
}
