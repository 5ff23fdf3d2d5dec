"use strict";

/** 600 payments that nobody made, every 24th of them fraud: an identifier, numbers, words, empty cells. */
globalThis.madeUpPayments = () => {
  let state = 7;
  const unit = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
  const one = (...of) => of[Math.floor(unit() * of.length)];
  return Array.from({ length: 600 }, (_, i) => {
    const fraud = i % 24 === 11;
    return {
      payment: `p${String(i + 1).padStart(4, "0")}`,
      amount: ((fraud ? 300 : 20) + 400 * unit() * unit()).toFixed(2),
      hour: String(fraud ? Math.floor(6 * unit()) : 7 + Math.floor(16 * unit())),
      country: fraud ? one("CH", "FR", "IT", "IT") : one("CH", "CH", "FR", "DE", "IT"),
      device: unit() < 0.05 ? "" : one("phone", "phone", "laptop"),
      fraud: fraud ? "yes" : "no",
    };
  });
};
