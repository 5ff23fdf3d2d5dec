/* global port */
/**
 * The program of a worker, which is started from its text with `port`, what it hears and answers through, defined: it runs kernels on a copy of the memory it is sent, and knows nothing else. It takes packets [p · size, (p + 1) · size) of the units of a job,
 * one after the other: from a counter that all threads share, or every `stride`-th from `first`. Reaches, where they are shared, are lowered to what any thread knows.
 */
((port) => {
  let exports;
  const run = (job) => {
    exports ??= new WebAssembly.Instance(job.module, {
      env: {
        abort() {
          throw new Error("kernel assertion");
        },
      },
    }).exports;
    const state = new Uint8Array(job.state);
    const missing = job.base + state.length + 65536 - exports.memory.buffer.byteLength;
    if (missing > 0) exports.memory.grow(Math.ceil(missing / 65536));
    new Uint8Array(exports.memory.buffer).set(state, job.base);
    new Uint32Array(exports.memory.buffer, job.indices, job.entries).fill(0xffffffff);
    new Float64Array(exports.memory.buffer, job.distances, job.entries).fill(Infinity);
    const counter = job.counter && new Int32Array(job.counter);
    const shared = job.shared && new Float32Array(job.shared);
    const own = new Float32Array(exports.memory.buffer, job.reaches, shared ? shared.length : 0);
    let packet = job.first - job.stride;
    let taken = 0;
    for (;;) {
      packet = counter ? Atomics.add(counter, 0, 1) : packet + job.stride;
      if (job.begin + packet * job.size >= job.units) break;
      if (taken++ === 0 && counter) Atomics.add(counter, 1, 1);
      if (shared)
        for (let i = 0; i < own.length; i++)
          if (shared[i] < own[i]) own[i] = shared[i];
          else if (own[i] < shared[i]) shared[i] = own[i];
      const to = Math.min(job.begin + (packet + 1) * job.size, job.units);
      for (let from = job.begin + packet * job.size; from < to;) from += exports[job.kernel](job.at, from, to, Infinity);
    }
    const take = (at, bytes) => exports.memory.buffer.slice(at, at + bytes);
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
