import { stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { failed, ok, type Result } from '../../domain/result.ts';
import { policyJsonSchema } from '../../policy/json-schema.ts';
import { starterPolicy } from '../../policy/starter-policy.ts';
import { shellWord } from '../../report/shell-word.ts';
import { rules } from '../../rules/index.ts';
import { isAbsent } from '../../files/is-absent.ts';
import { complain } from '../complain.ts';
import { fileFault, writeFault } from '../file-fault.ts';
import { type ExitCode, type Io, programOf } from '../io.ts';
import { POLICY_FILE_NAME } from '../policy-discovery.ts';

/** Where npm puts the schema that comes with the package. */
const INSTALLED_SCHEMA = 'node_modules/nodeport-gate/docs/policy.schema.json';
/** Hidden: commands that read directories take it neither for a manifest nor for a policy. */
const OWN_SCHEMA = '.nodeport-gate.schema.json';

/** Writes a starter policy, and what editors need to help with it. Overwrites nothing. */
export async function init(path: string | undefined, io: Io): Promise<ExitCode> {
  const target = await findTarget(path ?? '.', io.cwd);
  if (!target.ok) return complain(io, target.problems);
  const file = target.value;
  const place = resolve(io.cwd, file);
  const isInstalled = await isThere(join(dirname(place), INSTALLED_SCHEMA));
  const schema = isInstalled ? INSTALLED_SCHEMA : OWN_SCHEMA;
  const fault = await create(place, starterPolicy(basename(file), schema));
  if (fault !== undefined) return complain(io, [`${file}: ${fault}`]);
  const written = [file];
  if (!isInstalled) {
    const schemaFile = join(dirname(file), OWN_SCHEMA);
    const schemaFault = await create(resolve(io.cwd, schemaFile), policyJsonSchema(rules));
    if (schemaFault === undefined) written.push(schemaFile);
    else complain(io, [`${schemaFile}: ${schemaFault}`]);
  }
  io.out.write(nextSteps(written, io));
  return 0;
}

/** A directory stands for the file in it that every command looks for. */
async function findTarget(path: string, cwd: string): Promise<Result<string, string>> {
  try {
    if ((await stat(resolve(cwd, path))).isDirectory()) return ok(join(path, POLICY_FILE_NAME));
    return failed([`${path}: ${EXISTS}`]);
  } catch (error) {
    if (/\.ya?ml$/.test(path)) return ok(path);
    const fault = isAbsent(error) ? 'this is not there' : fileFault(error).split('; ')[0];
    return failed([`${path}: ${fault}; name a directory, or a file that ends in .yaml`]);
  }
}

const EXISTS = 'this is there already and stays as it is; remove it for a new one, or name another file';

/** Gives back why it could not be made. */
async function create(place: string, text: string): Promise<string | undefined> {
  try {
    await writeFile(place, text, { flag: 'wx' });
    return undefined;
  } catch (error) {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    return isTaken ? EXISTS : writeFault(error);
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function nextSteps([file = '', schema]: readonly string[], io: Io): string {
  const { cwd } = io;
  const programName = programOf(io);
  const isFound = relative(cwd, resolve(cwd, file)) === POLICY_FILE_NAME;
  const shown = shellWord(file);
  const policy = isFound ? '' : ` -p ${shown}`;
  const steps = [
    [`${programName} check${policy} .`, 'judge the manifests here'],
    [`${programName} fix${policy} --dry-run .`, 'what it would write into them'],
    [`${programName} policy show${policy}`, 'every rule that is on, with its options'],
    [`${programName} policy validate ${shown}`, 'after a change of the policy'],
  ];
  const width = Math.max(...steps.map(([command = '']) => command.length));
  const lines = steps.map(([command = '', what = '']) => `  ${command.padEnd(width)}  # ${what}`);
  const forEditors = schema === undefined ? '' : ` and ${schema}, with which editors help to write it`;
  return `wrote ${file}${forEditors}\n\nNext:\n${lines.join('\n')}\n`;
}
