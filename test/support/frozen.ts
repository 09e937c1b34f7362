/**
 * Freezes the value and everything in it; a rule that writes to its input then throws. What it cannot reach:
 * the contents of a Map, a Set or a typed array (numbers of port sets), and what a function has closed over.
 */
export function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const key of Reflect.ownKeys(value)) frozen(Reflect.get(value, key));
  return value;
}
