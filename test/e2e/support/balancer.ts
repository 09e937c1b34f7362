import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { GateProcess } from './gate-process.ts';

/** A do-nothing TCP balancer, as kube-proxy is one: it knows connections, not requests. */
export interface Balancer {
  readonly port: number;
  /** Connections that each backend has been given, by its name. */
  readonly connections: () => Readonly<Record<string, number>>;
  /** Connections that were closed because no backend accepted them. */
  readonly refused: () => number;
  /** Names of the backends that get new connections. */
  readonly inRotation: () => readonly string[];
  /** Ends all connections, whatever is under way on them; whoever wants another gets one. */
  readonly closeConnections: () => void;
  readonly stop: () => Promise<void>;
}

type Backend = Pick<GateProcess, 'name' | 'webhookPort' | 'readyz'>;

interface State {
  readonly backend: Backend;
  isUp: boolean;
  connections: number;
}

const PROBE_INTERVAL_MS = 100;

/**
 * New connections go to the backends in turn. One that refuses a connection, or whose /readyz fails, gets none until its
 * /readyz succeeds again; connections that it has are left alone.
 */
export async function startBalancer(backends: readonly Backend[]): Promise<Balancer> {
  const states = backends.map((backend): State => ({ backend, isUp: true, connections: 0 }));
  const sockets = new Set<Socket>();
  let turn = 0;
  let refused = 0;

  const next = (): State | undefined => {
    turn += 1;
    const inTurn = states.map((_, index) => states[(turn + index) % states.length]);
    return inTurn.find((state) => state?.isUp);
  };
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  };
  const forward = (client: Socket): void => {
    const state = next();
    if (state === undefined) {
      refused += 1;
      client.destroy();
      return;
    }
    const server = connect(state.backend.webhookPort, '127.0.0.1');
    const tryAnother = (): void => {
      state.isUp = false;
      forward(client);
    };
    server.once('error', tryAnother);
    server.once('connect', () => {
      state.connections += 1;
      server.off('error', tryAnother);
      keep(server).on('close', () => client.destroy());
      client.on('close', () => server.destroy());
      client.pipe(server).pipe(client);
    });
  };
  const listener = createServer((client) => forward(keep(client.setNoDelay(true))));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');

  const probe = async (): Promise<void> => {
    for (const state of states) state.isUp = (await state.backend.readyz())?.status === 200;
  };
  const timer = setInterval(() => void probe(), PROBE_INTERVAL_MS);
  timer.unref();

  const closeConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (listener.address() as AddressInfo).port,
    connections: () => Object.fromEntries(states.map(({ backend, connections }) => [backend.name, connections])),
    refused: () => refused,
    inRotation: () => states.filter(({ isUp }) => isUp).map(({ backend }) => backend.name),
    closeConnections,
    async stop() {
      clearInterval(timer);
      listener.close();
      closeConnections();
      await once(listener, 'close');
    },
  };
}
