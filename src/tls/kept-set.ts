import { X509Certificate } from 'node:crypto';
import { isSubjectOf, type KeyPair } from './authority.ts';
import { faultOfKey, judge, type Material, readCertificates } from './judge.ts';
import { type LeafNames, missingName } from './leaf.ts';
import type { Period, RotationNotes, RotationState } from './rotation.ts';

/** The texts of a kept set, by the names under which they are kept; absent and empty are the same. */
export type KeptTexts = Readonly<Partial<Record<KeptName, string>>>;
export type KeptName = (typeof KEPT_NAMES)[number];
export const KEPT_NAMES = ['tls.crt', 'tls.key', 'ca.crt', 'ca.key', 'next-ca.crt', 'next-ca.key'] as const;

/** A complete set that the gate made and may carry on with. Every text is PEM. */
export interface KeptSet {
  /** Undefined where there is none yet. */
  readonly leaf: KeyPair | undefined;
  /** `ca.crt`: the authority that signs first, then whatever else callers shall trust. */
  readonly bundle: string;
  /** The authority that signs. */
  readonly active: KeyPair;
  readonly next: KeyPair | undefined;
  readonly notes: RotationNotes;
  /** The same for `dueStep`. */
  readonly state: RotationState;
}

/** What a set of texts is good for. */
export interface KeptReading {
  /** Can be served; undefined when it cannot. */
  readonly material: Material | undefined;
  /** Undefined unless it is the gate's own, so that nobody else's is ever replaced. */
  readonly set: KeptSet | undefined;
  /** Nothing there at all. */
  readonly isEmpty: boolean;
  /** For the operator, `<what is wrong>; <what to do>`; empty when nothing is. */
  readonly problem: string;
}

const REMEDY = 'put in a matching set, or delete all of it to have one made';

/** Reads a set as it was kept. The moment decides what there is to say of a certificate that nobody renews. */
export function readKept(texts: KeptTexts, notes: RotationNotes, names: LeafNames, now: Date): KeptReading {
  if (KEPT_NAMES.every((name) => textOf(texts, name) === '')) {
    return { material: undefined, set: undefined, isEmpty: true, problem: '' };
  }
  const leaf = pairOf(texts, 'tls.crt', 'tls.key');
  if (leaf === 'half') return unusable(`of tls.crt and tls.key only one is there; ${REMEDY}`);
  const ca = textOf(texts, 'ca.crt');
  const material = leaf && { ...leaf, ca: ca === '' ? undefined : ca };
  const active = activeAuthority(ca, textOf(texts, 'ca.key'));
  if (typeof active === 'string') return ofSomebodyElse(material, active, now);
  const own = ownSet(texts, notes, names, { leaf, active });
  if (typeof own === 'string') return ofSomebodyElse(material, own, now);
  return { material: isServable(material, now) ? material : undefined, set: own, isEmpty: false, problem: '' };
}

/** The set, or why it is not entirely the gate's own. */
function ownSet(
  texts: KeptTexts,
  notes: RotationNotes,
  names: LeafNames,
  { leaf, active }: Pick<KeptSet, 'leaf' | 'active'>,
): KeptSet | string {
  const bundle = textOf(texts, 'ca.crt');
  const next = nextAuthority(texts, bundle);
  if (typeof next === 'string') return next;
  const leafFault = leaf === undefined ? '' : faultOfLeaf(leaf, active, names);
  if (leafFault === undefined) return 'the gate did not make tls.crt and tls.key';
  const state: RotationState = {
    leaf: leaf && periodOf(leaf.cert),
    leafFault,
    active: periodOf(active.cert),
    next: next && periodOf(next.cert),
    hasFormer: formerOnes(bundle, [active, next]).length > 0,
    notes,
  };
  return { leaf, bundle, active, next, notes, state };
}

/** Served as long as it works, never replaced, and the operator is told why. */
function ofSomebodyElse(material: Material | undefined, why: string, now: Date): KeptReading {
  if (material === undefined) return unusable(`${why}; ${REMEDY}`);
  const { state, reason } = judge(material, now);
  if (state === 'broken') return unusable(`${reason}; ${REMEDY}`);
  const expiry = reason === '' ? '' : `, and ${reason}`;
  const problem = `${why}, so the gate renews nothing${expiry}; renew it yourself, or delete all of it to have a set made`;
  return { material, set: undefined, isEmpty: false, problem };
}

function unusable(problem: string): KeptReading {
  return { material: undefined, set: undefined, isEmpty: false, problem };
}

/** Also outside its time: better than nothing, and a renewal is on its way. */
function isServable(material: Material | undefined, now: Date): boolean {
  return material !== undefined && judge(material, now).state !== 'broken';
}

/** The authority of the bundle that the key belongs to, or why there is none of the gate's own. */
function activeAuthority(bundle: string, key: string): KeyPair | string {
  if (key === '') return 'there is no ca.key';
  const authorities = readCertificates(bundle);
  if (authorities.length === 0) return 'ca.crt is not a PEM certificate';
  const active = authorities.find((authority) => faultOfKey(key, authority) === undefined);
  if (active === undefined) return 'ca.key is not the key of a certificate in ca.crt';
  return isOurs(active) ? { cert: active.toString(), key } : 'the gate did not make ca.crt';
}

/** One that callers were never told to trust is none. */
function nextAuthority(texts: KeptTexts, bundle: string): KeyPair | string | undefined {
  const pair = pairOf(texts, 'next-ca.crt', 'next-ca.key');
  if (pair === undefined) return undefined;
  const [cert] = pair === 'half' ? [] : readCertificates(pair.cert);
  if (pair === 'half' || cert === undefined || !isOurs(cert) || faultOfKey(pair.key, cert) !== undefined) {
    return 'the gate did not make next-ca.crt and next-ca.key';
  }
  return hasCertificate(bundle, pair.cert) ? pair : undefined;
}

/** Why the leaf must be replaced, empty when it need not be; undefined when the gate did not make it and may not. */
function faultOfLeaf({ cert, key }: KeyPair, active: KeyPair, names: LeafNames): string | undefined {
  const [leaf] = readCertificates(cert);
  if (leaf === undefined || !isSubjectOf('cluster', leaf.issuer) || faultOfKey(key, leaf) !== undefined)
    return undefined;
  if (!leaf.verify(new X509Certificate(active.cert).publicKey)) return 'the certificate is of a former authority';
  const missing = missingName(leaf, names);
  return missing === undefined ? '' : `the certificate is not for ${missing}`;
}

function isOurs({ subject, issuer }: X509Certificate): boolean {
  return subject === issuer && isSubjectOf('cluster', subject);
}

/** What the gate made of the bundle and no longer needs. What somebody added stays. */
export function formerOnes(bundle: string, needed: readonly (KeyPair | undefined)[]): readonly X509Certificate[] {
  const kept = needed.flatMap((pair) => (pair === undefined ? [] : [new X509Certificate(pair.cert).fingerprint256]));
  return readCertificates(bundle).filter((ca) => isOurs(ca) && !kept.includes(ca.fingerprint256));
}

/** Whether the certificate is one of the bundle. */
function hasCertificate(bundle: string, pem: string): boolean {
  const [wanted] = readCertificates(pem);
  return readCertificates(bundle).some(({ fingerprint256 }) => fingerprint256 === wanted?.fingerprint256);
}

function pairOf(texts: KeptTexts, certName: KeptName, keyName: KeptName): KeyPair | 'half' | undefined {
  const [cert, key] = [textOf(texts, certName), textOf(texts, keyName)];
  if (cert === '' && key === '') return undefined;
  return cert === '' || key === '' ? 'half' : { cert, key };
}

/** Empty where there is nothing but white space; a text ends with a line feed. */
function textOf(texts: KeptTexts, name: KeptName): string {
  const text = texts[name]?.trim() ?? '';
  return text === '' ? '' : `${text}\n`;
}

function periodOf(pem: string): Period {
  const { validFrom, validTo } = new X509Certificate(pem);
  return { from: new Date(validFrom), to: new Date(validTo) };
}
