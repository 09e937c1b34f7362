/** How many audits a gate has completed, as its metrics say. */
export async function auditsOf(operationsPort: number): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${operationsPort}/metrics`)).text();
  return Number(/^nodeport_gate_audit_duration_seconds_count (\d+)$/m.exec(metrics)?.[1] ?? Number.NaN);
}
