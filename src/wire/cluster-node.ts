import { isJsonObject, type JsonObject, own } from '../domain/json.ts';
import type { ClusterNode } from '../domain/reach.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { complain, isUnset, objectField, type Reading, startReading, textField } from './fields.ts';
import { found, type WireProblem } from './problem.ts';

/** Clients of node ports use IP addresses; names of hosts need not resolve for them. */
const REACHABLE: ReadonlySet<string> = new Set(['InternalIP', 'ExternalIP']);

export function readClusterNode(value: JsonObject): Result<ClusterNode, WireProblem> {
  const reading = startReading('');
  const metadata = objectField(reading, value, 'metadata');
  const status = objectField(reading, value, 'status');
  reading.parent = 'metadata';
  const name = textField(reading, metadata, 'name');
  if (name === '') complain(reading, 'name', 'this is missing; write the name of the node');
  reading.parent = 'status';
  const addresses = addressesIn(reading, status);
  return reading.problems.length === 0 ? ok({ name, addresses }) : failed(reading.problems);
}

function addressesIn(reading: Reading, status: JsonObject): readonly string[] {
  const value = own(status, 'addresses');
  if (isUnset(value)) return [];
  if (!Array.isArray(value)) {
    complain(reading, 'addresses', `${found(value)}; write a list of addresses`);
    return [];
  }
  reading.parent = 'status.addresses';
  return value.flatMap((entry: unknown, index) => {
    reading.index = index;
    if (isJsonObject(entry)) return addressIn(reading, entry);
    complain(reading, '', `${found(entry)}; write an object with a type and an address`);
    return [];
  });
}

/** One, or none. */
function addressIn(reading: Reading, entry: JsonObject): readonly string[] {
  const address = textField(reading, entry, 'address');
  return address !== '' && REACHABLE.has(textField(reading, entry, 'type')) ? [address] : [];
}
