import net from 'node:net';
import { once } from 'node:events';

/** A connection between a worker and a service that can be cut as a network is: bytes stop, and no side is told. */
export class Link {
  readonly port: number;
  readonly #server: net.Server;
  readonly #sockets: Set<net.Socket>;
  #isCut = false;

  private constructor(server: net.Server, port: number, sockets: Set<net.Socket>) {
    this.#server = server;
    this.port = port;
    this.#sockets = sockets;
  }

  static async to(target: number): Promise<Link> {
    const sockets = new Set<net.Socket>();
    const server = net.createServer({ allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const link = new Link(server, (server.address() as net.AddressInfo).port, sockets);
    server.on('connection', (near) => link.#join(near, net.connect(target, '127.0.0.1')));
    return link;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.pause();
  }

  mend(): void {
    this.#isCut = false;
    for (const socket of this.#sockets) socket.resume();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(near: net.Socket, far: net.Socket): void {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (bytes) => {
        if (!to.write(bytes)) from.pause();
      });
      to.on('drain', () => {
        if (!this.#isCut) from.resume();
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#isCut) from.pause();
    }
  }
}
