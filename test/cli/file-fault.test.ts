import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fileFault, writeFault } from '../../src/cli/file-fault.ts';
import { inputFault } from '../../src/cli/inputs/input-fault.ts';

function thrownBy(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error;
  }
}

describe.each([
  ['fileFault', fileFault],
  ['writeFault', writeFault],
  ['inputFault', inputFault],
])('%s', (_, faultOf) => {
  it('tells what the operating system refuses', () => {
    const error = Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
    expect(faultOf(error)).toBe('EMFILE: too many open files');
    expect(faultOf(thrownBy(() => readFileSync('a\0b')))).toBe('there is a NUL character in the path; remove it');
  });

  it.each([
    ['a mistake', new TypeError('x is not a function')],
    ['a call that is wrong in itself', thrownBy(() => readFileSync({} as unknown as string))],
    ['what is no error', 'text'],
    ['a number as its code', Object.assign(new Error('x'), { code: 1 })],
  ])('throws %s again', (__, error) => {
    expect(thrownBy(() => faultOf(error))).toBe(error);
  });
});
