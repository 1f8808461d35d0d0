/** The little of autocannon 9 that we use; the package has no types of its own. */
declare module 'autocannon' {
  interface Options {
    readonly url: string;
    readonly connections: number;
    /** Seconds. */
    readonly duration: number;
    readonly headers?: Readonly<Record<string, string>>;
    /** Called with each connection before it asks. */
    readonly setupClient?: (client: { setHeaders(headers: Readonly<Record<string, string>>): void }) => void;
    readonly servername?: string;
    readonly tlsOptions?: { readonly ca?: string };
  }
  interface Result {
    readonly errors: number;
    readonly timeouts: number;
    readonly non2xx: number;
    readonly '2xx': number;
    /** Seconds that it took. */
    readonly duration: number;
  }
  interface Run extends PromiseLike<Result> {
    on(
      event: 'response',
      listener: (client: unknown, status: number, bytes: number, responseTimeMs: number) => void,
    ): void;
    stop(): void;
  }
  export default function autocannon(options: Options): Run;
}
