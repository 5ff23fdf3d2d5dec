import type { Lend } from "./work";

/** Bytes that are kept for what comes next. */
const KEPT = 1 << 27;

/**
 * Memory for one part of a call after the other, which new memory would cost time for: of the machine, page by page, and of the runtime, which looks through all there is before it gives any back.
 * Only for parts of which nobody keeps anything.
 */
export class Lending {
  private free: ArrayBuffer[] = [];

  /** Gives up what is kept. */
  clear(): void {
    this.free = [];
  }

  /** Takes back what it lent when `use` ends. A part serves the next where it is just as long, as parts of equal sizes are. */
  async during<T>(use: (lend: Lend) => Promise<T>): Promise<T> {
    const used: ArrayBuffer[] = [];
    try {
      return await use((length) => {
        const at = this.free.findIndex(({ byteLength }) => byteLength === 8 * length);
        const memory = at < 0 ? new ArrayBuffer(8 * length) : this.free.splice(at, 1)[0]!;
        used.push(memory);
        return new Float64Array(memory);
      });
    } finally {
      let bytes = 0;
      this.free = [...used, ...this.free].filter(({ byteLength }) => (bytes += byteLength) <= KEPT);
    }
  }
}
