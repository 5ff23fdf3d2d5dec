import { afterEach, describe, expect, it } from "vitest";
import { configure, InputError, smote } from "../bindings/index";
import { Arena } from "../bindings/engine/arena";
import { core } from "../bindings/engine/core";
import { limitMemory, withInstance, withInstanceNow } from "../bindings/engine/lease";
import { startWork } from "../bindings/run/work";

const arena = (limit = 2 ** 32): Arena => new Arena(new WebAssembly.Memory({ initial: 1 }), 1000, () => limit);

describe("the arena", () => {
  it("hands out aligned memory and forgets it with the scope, also when the work throws", async () => {
    const memory = arena();
    const mark = memory.top;
    memory.scope(() => {
      const a = memory.put(Float64Array.of(1, 2, 3));
      const b = memory.room(Uint8Array, 5);
      expect(a % 16).toBe(0);
      expect(b).toBe(a + 32);
      expect([...memory.take(Float64Array, a, 3)]).toEqual([1, 2, 3]);
    });
    expect(memory.top).toBe(mark);
    expect(() =>
      memory.scope(() => {
        memory.room(Uint32Array, 9);
        throw new Error("mine");
      }),
    ).toThrow("mine");
    await expect(
      memory.during(async () => {
        memory.room(Uint32Array, 9);
        await null;
        throw new Error("mine");
      }),
    ).rejects.toThrow("mine");
    expect(memory.top).toBe(mark);
  });

  it("grows as needed and keeps what is there", () => {
    const memory = arena();
    const at = memory.put(Float64Array.of(42));
    memory.allocate(5 * 65536);
    expect(memory.view(Uint8Array, memory.top - 1, 1)).toHaveLength(1);
    expect(memory.view(Float64Array, at, 1)[0]).toBe(42);
  });

  it("says what needs how much before it takes anything", () => {
    const own = new WebAssembly.Memory({ initial: 1 });
    const memory = new Arena(own, 1000, () => 1e6);
    expect(() => memory.reserve(3e9, "Finding neighbors")).toThrow(
      /Finding neighbors needs 3\.1 GB of memory, but memoryLimit is 1 MB; use fewer/,
    );
    expect(own.buffer.byteLength).toBe(65536);
    expect(() => arena().reserve(5e9, "It")).toThrow(expect.objectContaining({ code: "OUT_OF_MEMORY" }));
  });
});

describe("leases", () => {
  it("give every call an instance of its own and use it again", async () => {
    await withInstance(core, async (a) => {
      await withInstance(core, async (b) => expect(b).not.toBe(a));
    });
    const first = withInstanceNow(core, (instance) => instance);
    expect(withInstanceNow(core, (instance) => instance)).toBe(first);
  });

  it("drop an instance that used more than 64 MB, or whose arena did not come back", () => {
    const large = withInstanceNow(core, (instance) => {
      instance.arena.scope(() => instance.arena.allocate(65 * 2 ** 20));
      return instance;
    });
    expect(core.idle).not.toContain(large);
    // what is reserved and never written to costs nothing
    const roomy = withInstanceNow(core, (instance) => {
      instance.arena.reserve(100 * 2 ** 20, "a test");
      return instance;
    });
    expect(core.idle).toContain(roomy);
    const untidy = withInstanceNow(core, (instance) => {
      instance.arena.allocate(16);
      return instance;
    });
    expect(core.idle).not.toContain(untidy);
  });
});

describe("configure", () => {
  afterEach(() => limitMemory(2 ** 32));

  it("limits memory: a call that needs more fails at once, naming what and how much", async () => {
    configure({ memoryLimit: 5e5 });
    const X = Array.from({ length: 20_000 }, (_, i) => [i % 97, i % 89, i % 83, i % 71]);
    const y = X.map((_, i) => (i % 3 ? "no" : "yes"));
    await expect(smote().resample({ X, y })).rejects.toThrow(
      /Finding 5 neighbors for each of the 6667 rows of class "yes" needs \d+ MB of memory, but memoryLimit is 1 MB/,
    );
    limitMemory(2 ** 32);
    expect((await smote().resample({ X, y })).data.X).toHaveLength(26_666);
  });

  it("takes a module compiled elsewhere", async () => {
    const { compile } = await import("#kernels/core");
    configure({ module: compile() });
    expect((await smote({ kNeighbors: 1 }).resample({ X: [[1], [2], [3], [4], [5]], y: [0, 0, 0, 1, 1] })).data.X).toHaveLength(6);
  });

  it.each([{ memoryLimit: 5 }, { memoryLimit: "1 GB" }, { module: {} }, { memory: 5 }, 5])("refuses %j", (settings) => {
    expect(() => configure(settings as object)).toThrow(InputError);
  });
});

describe("work", () => {
  it("lets the host have its turn now and then, so that timers can abort", async () => {
    const work = startWork({ signal: AbortSignal.timeout(5) }, 1e12);
    await expect(
      (async () => {
        for (let i = 0; i < 1e7; i++) await work.step(2e8);
      })(),
    ).rejects.toThrow(/timeout/);
  });

  it("aborts a running search within 100 ms", async () => {
    const X = Float64Array.from({ length: 90_000 * 20 }, (_, i) => (Math.sin(i * 12.9898) * 43758.5453) % 1);
    const y = Uint8Array.from({ length: 90_000 }, (_, i) => (i < 46_000 ? 0 : 1));
    const controller = new AbortController();
    const running = smote().resample({ X, y, columns: 20 }, { signal: controller.signal });
    let aborted = 0;
    setTimeout(() => ((aborted = performance.now()), controller.abort()), 150);
    await expect(running).rejects.toThrow(/abort/);
    expect(performance.now() - aborted).toBeLessThan(100);
  });
});
