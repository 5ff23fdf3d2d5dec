/* global port */
/**
 * The program of a worker, which is started from its text with `port`, what it hears and answers through, defined: it runs kernels on a copy of the memory it is sent, and knows nothing else.
 * It takes packets of a job (see share.ts), one after the other: from a counter that all threads share, or every `stride`-th from `own`. Reaches, where they are shared, are lowered to what any
 * thread knows.
 */
((port) => {
  let exports;
  const run = (job) => {
    exports ??= new WebAssembly.Instance(job.module, {
      env: {
        abort() {
          throw new Error("assertion");
        },
      },
    }).exports;
    const missing = job.top + 65536 - exports.memory.buffer.byteLength;
    if (missing > 0) exports.memory.grow(Math.ceil(missing / 65536));
    const { buffer } = exports.memory;
    const before = job.indices - job.base;
    const memory = new Uint8Array(buffer);
    memory.set(new Uint8Array(job.state, 0, before), job.base);
    memory.set(new Uint8Array(job.state, before, job.top - job.end), job.end);
    new Uint32Array(buffer, job.indices, job.entries).fill(0xffffffff);
    new Float64Array(buffer, job.distances, job.entries).fill(Infinity);
    const counter = job.counter && new Int32Array(job.counter);
    const shared = job.shared && new Float32Array(job.shared);
    const own = new Float32Array(buffer, job.reaches, shared ? shared.length : 0);
    const lower = () => {
      for (let i = 0; i < own.length; i++)
        if (shared[i] < own[i]) own[i] = shared[i];
        else if (own[i] < shared[i]) shared[i] = own[i];
    };
    const { begin, first, units, firsts, small, size } = job;
    let packet = job.own - job.stride;
    let taken = 0;
    for (;;) {
      packet = counter ? Atomics.add(counter, 0, 1) : packet + job.stride;
      const early = packet < firsts;
      const from = early ? begin + packet * small : first + (packet - firsts) * size;
      if (from >= units) break;
      const to = early ? Math.min(from + small, first) : Math.min(from + size, units);
      if (taken++ === 0 && counter) Atomics.add(counter, 1, 1);
      if (!early) {
        if (counter) for (let done; (done = Atomics.load(counter, 2)) < firsts;) Atomics.wait(counter, 2, done);
        lower();
      }
      for (let at = from; at < to;) at += exports[job.kernel](job.at, at, to, Infinity);
      if (!early) continue;
      lower();
      Atomics.add(counter, 2, 1);
      Atomics.notify(counter, 2);
    }
    const take = (at, bytes) => buffer.slice(at, at + bytes);
    if (!taken) return port.postMessage({ job: job.id, taken });
    const [indices, distances] = [take(job.indices, 4 * job.entries), take(job.distances, 8 * job.entries)];
    port.postMessage({ job: job.id, taken, indices, distances, evaluated: exports.search_evaluated(job.search) - job.evaluated }, [
      indices,
      distances,
    ]);
  };
  const receive = (job) => {
    try {
      run(job);
    } catch (error) {
      port.postMessage({ job: job.id, failure: String(error) });
    }
  };
  port.onmessage = ({ data }) => receive(data);
  port.postMessage({ ready: true });
})(port);
