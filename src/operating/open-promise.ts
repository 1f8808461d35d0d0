/** A promise that somebody else settles (Node 20 has no `Promise.withResolvers`). Nobody has to wait for it. */
export function openPromise<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<T>((keep, fail) => {
    resolve = keep;
    reject = fail;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
