/** Draws how far a command is, on standard error, if that is a terminal. */
export interface Bar {
  /** Shows that `done` of `total` of a stage are done. */
  show(stage: string, done: number, total: number): void;
  clear(): void;
}

const WIDTH = 30;
/** Milliseconds between two pictures. */
const PACE = 80;

export function progressBar(stream: NodeJS.WriteStream = process.stderr): Bar {
  if (!stream.isTTY || process.env["TERM"] === "dumb") return { show: () => undefined, clear: () => undefined };
  let [drawn, last] = [false, -Infinity];
  return {
    show(stage, done, total) {
      const now = performance.now();
      if (now - last < PACE) return;
      last = now;
      drawn = true;
      const share = total > 0 ? Math.min(1, done / total) : 1;
      const filled = Math.round(share * WIDTH);
      stream.write(
        `\r\u001b[2K${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} ${String(Math.floor(share * 100)).padStart(3)} % ${stage}`,
      );
    },
    clear() {
      if (drawn) stream.write("\r\u001b[2K");
      drawn = false;
    },
  };
}

/** Paints words in a terminal that wants colors; NO_COLOR and pipes get plain text. */
export function painter(stream: NodeJS.WriteStream): (style: "bold" | "dim" | "cyan" | "yellow", text: string) => string {
  const codes = { bold: [1, 22], dim: [2, 22], cyan: [36, 39], yellow: [33, 39] } as const;
  const wanted = stream.isTTY && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
  return (style, text) => (wanted && text ? `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m` : text);
}
