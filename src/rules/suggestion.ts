import type { PortSet } from '../domain/port-set.ts';
import { anyOf } from '../domain/text.ts';
import type { Scene, ScenePort } from './define.ts';

/** The free numbers that the scene knows for this port, without those that the same rule would object to. */
export function usableFree(
  scene: Scene,
  port: ScenePort,
  isUsable: (number: number) => boolean,
  elsewhere: PortSet = scene.unpooledPorts,
): readonly number[] {
  return scene.freeFor(port, elsewhere).filter(isUsable);
}

/** `use 30104, 30117 or 30142`, or another advice where no free number is known. */
export function suggest(free: readonly number[], otherwise: string): string {
  return free.length === 0 ? otherwise : `use ${anyOf(free)}`;
}

/** `free` as evidence; absent when there is none. */
export function freePorts(free: readonly number[]): { readonly free?: readonly number[] } {
  return free.length === 0 ? {} : { free };
}
