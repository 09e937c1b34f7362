import { valueAt } from '../../domain/path.ts';
import { quoted } from '../define.ts';
import { type Check, type Say, shown } from './messages.ts';
import { isLabel, labelAdvice } from './names.ts';

const NAMESPACE = ['metadata', 'namespace'];

/** A manifest without any name is not even read. */
export const checkMetadata: Check = ({ service: { name, generateName, raw } }, say) => {
  if (name !== '') checkName(name, 'name', say);
  if (generateName !== '') checkName(generateName, 'generateName', say);
  const namespace = valueAt(raw, NAMESPACE);
  if (typeof namespace !== 'string' || namespace === '' || isLabel(namespace)) return;
  const problem = 'is no name that a namespace can have';
  say('invalid', NAMESPACE, { value: shown(namespace), problem, advice: labelAdvice(namespace) });
};

function checkName(text: string, field: 'name' | 'generateName', say: Say): void {
  const path = ['metadata', field];
  const names = field === 'name' ? [text] : namesFrom(text);
  const value = quoted(text);
  if (!names.every(isLabel)) {
    say('invalid', path, { value, problem: 'is no name for a Service', advice: labelAdvice(text) });
  } else if (/^\d/.test(text)) {
    // RelaxedServiceNameValidation, on since 1.36.
    const advice = 'begin it with a letter';
    say('dependsOnVersion', path, { value, problem: 'begins with a digit', versions: 'before 1.36', advice });
  }
}

/**
 * What the API server validates: the prefix, with a letter for a dash at its end (maskTrailingDash), and what it makes of it
 * (k8s.io/apiserver/pkg/storage/names cuts it at 58 characters and adds five).
 */
function namesFrom(generateName: string): readonly string[] {
  const masked = generateName.length > 1 ? generateName.replace(/.-$/, 'a') : generateName;
  return [masked, `${generateName.slice(0, 58)}xxxxx`];
}
