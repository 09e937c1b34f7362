import fc from 'fast-check';
import { Pointer } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import { formatPath, parsePointer, type Path, pointerOf, valueAt } from '../../src/domain/path.ts';

const step = fc.oneof(fc.string(), fc.constantFrom('~', '/', '~1', '~0', 'a/b~c', '', '0', '-'), fc.nat({ max: 9 }));

describe('formatPath', () => {
  it.each<[Path, string]>([
    [[], ''],
    [['spec', 'ports', 0, 'nodePort'], 'spec.ports[0].nodePort'],
    [['spec', 'healthCheckNodePort'], 'spec.healthCheckNodePort'],
    [['metadata', 'annotations', 'nodeport-gate.dev/pool'], 'metadata.annotations[nodeport-gate.dev/pool]'],
    [['metadata', 'labels', ''], 'metadata.labels[]'],
    [['metadata', 'labels', '0'], 'metadata.labels[0]'],
    [['ranges', 2], 'ranges[2]'],
  ])('%j', (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});

describe('pointerOf', () => {
  it.each<[Path, string]>([
    [[], ''],
    [['spec', 'ports', 0, 'nodePort'], '/spec/ports/0/nodePort'],
    [['metadata', 'annotations', 'a/b~c~1'], '/metadata/annotations/a~1b~0c~01'],
    [['', ''], '//'],
  ])('%j', (path, pointer) => {
    expect(pointerOf(path)).toBe(pointer);
  });

  it('is read by an RFC 6901 reader as the same steps', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 5 }), (path) => {
        expect(Pointer.fromJSON(pointerOf(path)).tokens).toEqual(['', ...path.map(String)]);
      }),
    );
  });
});

describe('parsePointer', () => {
  it.each<[string, Path]>([
    ['', []],
    ['/spec/ports/0/nodePort', ['spec', 'ports', 0, 'nodePort']],
    ['/metadata/annotations/a~1b~0c~01', ['metadata', 'annotations', 'a/b~c~1']],
    ['//', ['', '']],
    ['/01/-/10', ['01', '-', 10]],
  ])('%j', (pointer, path) => {
    expect(parsePointer(pointer)).toEqual(path);
  });

  it('is the way back from pointerOf', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 5 }), (path) => {
        expect(parsePointer(pointerOf(path)).map(String)).toEqual(path.map(String));
      }),
    );
  });
});

describe('valueAt', () => {
  const root = JSON.parse('{"spec":{"ports":[{"nodePort":0},null],"__proto__":{"type":"NodePort"}},"text":"abc"}');
  it.each<[Path, unknown]>([
    [[], root],
    [['spec', 'ports', 0, 'nodePort'], 0],
    [['spec', 'ports', 1], null],
    [['spec', 'ports', 1, 'nodePort'], undefined],
    [['spec', 'ports', 2], undefined],
    [['spec', 'ports', '0'], undefined],
    [['spec', 'ports', 'length'], undefined],
    [['spec', 0], undefined],
    [['spec', '__proto__', 'type'], 'NodePort'],
    [['spec', 'constructor'], undefined],
    [['__proto__'], undefined],
    [['text', 0], undefined],
    [['text', 'length'], undefined],
  ])('%j', (path, wanted) => {
    expect(valueAt(root, path)).toEqual(wanted);
  });

  it.each([[undefined], [null], [5], ['text'], [[]]])('finds nothing in %j', (value) => {
    expect(valueAt(value, ['spec'])).toBeUndefined();
  });
});
