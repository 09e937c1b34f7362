import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { type ApiClient, connect } from '../../cluster/api/api-client.ts';
import type { SecretRef } from '../../cluster/certificate/secret-object.ts';
import { fetchKept, orderRotation, type RotationOrder } from '../../cluster/certificate/secret-rotation.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import { printable } from '../../domain/text.ts';
import { issueSet } from '../../tls/issue-set.ts';
import { judge, type Material, readCertificates } from '../../tls/judge.ts';
import type { KeptReading } from '../../tls/kept-set.ts';
import { DEVELOPMENT_NAMES, type LeafNames } from '../../tls/leaf.ts';
import { DEFAULT_OVERLAP, overlapMsOf } from '../../tls/rotation.ts';
import { certificateText, rotationText } from '../certificate-text.ts';
import { fileFault } from '../file-fault.ts';
import type { ExitCode, Io } from '../io.ts';
import { secretPlace } from '../settings.ts';

interface ClusterFlags {
  /** Default: the variable KUBECONFIG, else `~/.kube/config`. */
  readonly kubeconfig?: string;
  readonly inCluster?: boolean;
}

export interface ShowCertsFlags extends ClusterFlags {
  readonly certDir?: string;
  readonly certSecret?: string;
}

export interface IssueCertsFlags {
  readonly certDir?: string;
  /** DNS names and addresses besides those of this machine and the shipped Service. */
  readonly name?: readonly string[];
}

export interface RotateCertsFlags extends ClusterFlags {
  readonly certSecret?: string;
  readonly ca?: boolean;
  readonly overlap?: string;
}

/** Prints what callers see and trust. 1 when it cannot be served any longer, 2 when there is nothing to show. */
export async function showCerts({ certDir, certSecret, ...access }: ShowCertsFlags, io: Io): Promise<ExitCode> {
  if (certSecret === undefined) return showDirectory(certDir ?? 'certs', io);
  if (certDir !== undefined) return complain(io, ['--cert-dir and --cert-secret exclude each other; use one']);
  const target = await targetOf(certSecret, access, io);
  if (!target.ok) return complain(io, target.problems);
  const kept = await fetchKept(target.value.client, target.value.ref, io.now());
  return kept.ok ? showKept(kept.value, `Secret ${certSecret}`, io) : complain(io, kept.problems);
}

function showKept({ material, set, isEmpty, problem }: KeptReading, named: string, io: Io): ExitCode {
  const fault = isEmpty ? 'it is empty; start the gate to fill it' : problem;
  complain(io, fault === '' ? [] : [`${named}: ${fault}`]);
  if (set !== undefined) {
    printCertificates(material?.cert, set.bundle, io);
    io.out.write(rotationText(set, io.now()));
  } else if (material === undefined) return 2;
  else printCertificates(material.cert, material.ca, io);
  return isServable(material, io.now()) ? 0 : 1;
}

function isServable(material: Material | undefined, now: Date): boolean {
  return material !== undefined && ['good', 'renew'].includes(judge(material, now).state);
}

async function showDirectory(certDir: string, io: Io): Promise<ExitCode> {
  const read = (name: string): Promise<Result<string, string>> =>
    readText(resolve(io.cwd, certDir, name), join(certDir, name));
  const [cert, key, authority] = await Promise.all([read('tls.crt'), read('tls.key'), read('ca.crt')]);
  if (!cert.ok) return complain(io, cert.problems);
  if (readCertificates(cert.value).length === 0) return complain(io, [`${certDir}: tls.crt is not a PEM certificate`]);
  const ca = authority.ok ? authority.value : undefined;
  printCertificates(cert.value, ca, io);
  if (!key.ok) {
    complain(io, key.problems);
    return 1;
  }
  const material = { cert: cert.value, key: key.value, ca };
  const { reason } = judge(material, io.now());
  complain(io, reason === '' ? [] : [`${certDir}: ${reason}`]);
  return isServable(material, io.now()) ? 0 : 1;
}

/** Makes a set for `--cert-dir`, which from then on is the operator's. Never overwrites. */
export async function issueCerts({ certDir = 'certs', name = [] }: IssueCertsFlags, io: Io): Promise<ExitCode> {
  const problems = name
    .filter((text) => !isName(text))
    .map((text) => {
      return `--name: ${printable(text)} is neither a DNS name nor an address; use one such as gate.example.com`;
    });
  if (problems.length > 0) return complain(io, problems);
  const issued = await issueSet(resolve(io.cwd, certDir), namesWith(name), io.now());
  if (!issued.ok) return complain(io, issued.problems);
  printCertificates(issued.value, undefined, io);
  io.out.write(`${certDir} has tls.crt, tls.key and ca.crt; callers need ca.crt\n`);
  return 0;
}

/** A new certificate in the Secret now, or the beginning of the change to a new authority. */
export async function rotateCerts(flags: RotateCertsFlags, io: Io): Promise<ExitCode> {
  const { certSecret, ...access } = flags;
  if (certSecret === undefined) return complain(io, ['--cert-secret NAMESPACE/NAME is missing; say what to rotate']);
  const order = orderOf(flags);
  if (!order.ok) return complain(io, order.problems);
  const target = await targetOf(certSecret, access, io);
  if (!target.ok) return complain(io, target.problems);
  const { client, ref } = target.value;
  const rotated = await orderRotation(client, ref, order.value, io.now());
  if (!rotated.ok) return complain(io, rotated.problems);
  const said =
    order.value.kind === 'leaf'
      ? `a new certificate is in ${certSecret}; the running replicas serve it within seconds`
      : `the next authority is published in ${certSecret}; the running replicas do the rest, ${order.value.overlap} apart`;
  io.out.write(`${said}\n${rotationText(rotated.value, io.now())}`);
  return 0;
}

function orderOf({ ca = false, overlap }: RotateCertsFlags): Result<RotationOrder, string> {
  if (!ca) return overlap === undefined ? ok({ kind: 'leaf' }) : failed(['--overlap is for a new authority; add --ca']);
  const text = overlap ?? DEFAULT_OVERLAP;
  if (overlapMsOf(text) !== undefined) return ok({ kind: 'authority', overlap: text });
  return failed([`--overlap ${printable(text)} is no time from 5s to 30d; use one such as ${DEFAULT_OVERLAP}`]);
}

function printCertificates(cert: string | undefined, ca: string | undefined, io: Io): void {
  for (const [name, pem] of [
    ['tls.crt', cert ?? ''],
    ['ca.crt', ca ?? ''],
  ] as const) {
    const certificates = readCertificates(pem);
    const numbered = (index: number): string => `${name} (${index + 1} of ${certificates.length})`;
    for (const [index, certificate] of certificates.entries()) {
      io.out.write(certificateText(certificates.length === 1 ? name : numbered(index), certificate, io.now()));
    }
  }
}

interface Target {
  readonly client: ApiClient;
  readonly ref: SecretRef;
}

async function targetOf(certSecret: string, access: ClusterFlags, io: Io): Promise<Result<Target, string>> {
  const ref = secretPlace(certSecret);
  if (ref === undefined)
    return failed([`--cert-secret: ${printable(certSecret)} names no Secret; write NAMESPACE/NAME`]);
  const client = await clientOf(access, io);
  return client.ok ? ok({ client: client.value, ref }) : client;
}

async function clientOf({ kubeconfig, inCluster }: ClusterFlags, io: Io): Promise<Result<ApiClient, string>> {
  if (inCluster === true && kubeconfig !== undefined) {
    return failed(['--kubeconfig and --in-cluster exclude each other; use one']);
  }
  if (inCluster === true) return connect('in-cluster');
  const usual = io.env['KUBECONFIG'] || join(io.env['HOME'] ?? '', '.kube', 'config');
  return connect({ kubeconfig: resolve(io.cwd, kubeconfig ?? usual) });
}

function namesWith(names: readonly string[]): LeafNames {
  const dns = names.filter((name) => isIP(name) === 0);
  const ip = names.filter((name) => isIP(name) !== 0);
  return {
    dns: [...new Set([...dns, ...DEVELOPMENT_NAMES.dns])],
    ip: [...new Set([...ip, ...DEVELOPMENT_NAMES.ip])],
  };
}

function isName(text: string): boolean {
  const isDns = /^(?:\*\.)?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/i.test(text) && text.length <= 253;
  return isIP(text) !== 0 || isDns;
}

async function readText(path: string, shown: string): Promise<Result<string, string>> {
  try {
    return ok(await readFile(path, 'utf8'));
  } catch (error) {
    return failed([`${shown}: ${fileFault(error)}`]);
  }
}

function complain(io: Io, lines: readonly string[]): ExitCode {
  for (const line of lines) io.err.write(`${line}\n`);
  return 2;
}
