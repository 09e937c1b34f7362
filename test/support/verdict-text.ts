import type { JsonObject } from '../../src/domain/json.ts';
import { toPatch } from '../../src/domain/patch.ts';
import type { Service } from '../../src/domain/service.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { serviceOf } from './manifest.ts';

/** `http/TCP 30259 shop hash`: every node port of the Service with its pool and the reason for its number. */
export function assigned({ assigned: all }: Pick<Verdict, 'assigned'>): readonly string[] {
  return all.map(({ port, protocol, nodePort: number, pool = '-', because }) =>
    [`${port}/${protocol}`, number, pool, because].join(' '),
  );
}

/** `add /spec/ports/0/nodePort 30259`. */
export function patch({ changes }: Pick<Verdict, 'changes'>): readonly string[] {
  return toPatch(changes).map(({ op, path, value }) => `${op} ${path} ${value}`);
}

/** `deny node-port-pool spec.ports[0].nodePort: 29999 is …`. */
export function messages({ findings }: Pick<Verdict, 'findings'>): readonly string[] {
  return findings.map(({ enforcement, rule, message }) => `${enforcement} ${rule} ${message}`);
}

/** The part of a manifest that opens node ports. */
export function nodePort(ports: readonly JsonObject[], spec: JsonObject = {}): JsonObject {
  return { spec: { type: 'NodePort', ports, ...spec } };
}

/** A Service of namespace `other` for each number. */
export function held(...numbers: readonly number[]): readonly Service[] {
  return numbers.map((number) =>
    serviceOf({ ...nodePort([{ port: 1, nodePort: number }]), metadata: { namespace: 'other', name: `s${number}` } }),
  );
}

/**
 * The manifest as the API server sends it on: managedFields name the writer of every field of `spec` that stands there,
 * of the numbers only for the ports at these positions.
 */
export function managed(manifest: JsonObject, ownedNumbers: readonly number[] = []): JsonObject {
  const spec = manifest['spec'] as JsonObject;
  const ports = (spec['ports'] ?? []) as readonly JsonObject[];
  const ofPort = (port: JsonObject, at: number): [string, JsonObject] => [
    `k:${JSON.stringify({ port: port['port'], protocol: port['protocol'] ?? 'TCP' })}`,
    { 'f:port': {}, ...(ownedNumbers.includes(at) && { 'f:nodePort': {} }) },
  ];
  const others = Object.keys(spec).filter((field) => field !== 'ports' && spec[field] !== null);
  const fields = Object.fromEntries(others.map((field) => [`f:${field}`, {}]));
  const entry = {
    manager: 'test',
    operation: 'Apply',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:spec': { ...fields, 'f:ports': Object.fromEntries(ports.map(ofPort)) } },
  };
  return { ...manifest, metadata: { ...(manifest['metadata'] as JsonObject | undefined), managedFields: [entry] } };
}
