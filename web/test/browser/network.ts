// A network between a browser and the server that can be taken away: connections end, new ones are refused.
import { connect, createServer, type AddressInfo, type Server as Listener, type Socket } from 'node:net';

export class Network {
  private readonly sockets = new Set<Socket>();
  private away = false;

  private constructor(private readonly listener: Listener) {}

  static async to(port: number): Promise<Network> {
    const listener = createServer();
    const network = new Network(listener);
    listener.on('connection', (near) => {
      if (network.away) return near.destroy();
      const far = connect(port, '127.0.0.1');
      for (const [from, to] of [[near, far], [far, near]] as const) {
        network.sockets.add(from);
        from.pipe(to);
        from.on('error', () => {});
        from.on('close', () => {
          network.sockets.delete(from);
          to.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return network;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.away = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.away = false;
  }

  end(): void {
    this.cut();
    this.listener.close();
  }
}
