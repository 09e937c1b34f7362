import { isJsonObject, own } from '../../domain/json.ts';
import { valueAt } from '../../domain/path.ts';
import { compareText } from '../../domain/text.ts';
import type { GateKeys, KnownPool } from './service-schema.ts';

export const NO_GATE_KEYS: GateKeys = { pools: [], suppressible: [] };

/** Of what `GET /policy` answers; what cannot be read there is left out. */
export function gateKeysOf(answer: unknown): GateKeys {
  const documents = valueAt(answer, ['documents']);
  const all: readonly unknown[] = Array.isArray(documents) ? documents : [];
  const rules = all.filter((document) => kindOf(document) === 'NodePortPolicy').flatMap(suppressibleIn);
  return {
    pools: all.filter((document) => kindOf(document) === 'NodePortPool').map(poolOf),
    suppressible: [...new Set(rules)].sort(compareText),
  };
}

function kindOf(document: unknown): unknown {
  return isJsonObject(document) ? own(document, 'kind') : undefined;
}

function poolOf(document: unknown): KnownPool {
  const contact = valueAt(document, ['spec', 'contact']);
  const ports = textsIn(valueAt(document, ['spec', 'ports'])).join(', ');
  return {
    name: String(valueAt(document, ['metadata', 'name'])),
    description: typeof contact === 'string' ? `${ports} (${contact})` : ports,
  };
}

function suppressibleIn(document: unknown): readonly string[] {
  return textsIn(valueAt(document, ['spec', 'allowSuppressions']));
}

function textsIn(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
}
