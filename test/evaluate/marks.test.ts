import { describe, expect, it } from "vitest";
import { chain, folds, randomUndersample, smote, smoteIpf, smoteTomek, split, tomekLinks } from "../../bindings/index";
import { inLayout, plainData } from "../support/layouts";

const plain = plainData(["numeric", "numeric"], false, 4, ["a", "a", "b"]);

describe("what a method returned is not divided", () => {
  const resamplers = [smote(), randomUndersample(), tomekLinks(), chain(smote(), tomekLinks()), smoteTomek(), smoteIpf()];
  for (const resampler of resamplers) {
    it.each([["Float64Array"], ["rows"], ["columns"]] as const)(`${resampler.name}, %s`, async (layout) => {
      const data = inLayout(layout, plain);
      const { data: made } = await resampler.resample(data);
      const told = new RegExp(`was given what ${resampler.name} returned, but needs data as they were before`, "u");
      expect(() => split(made)).toThrow(told);
      expect(() => folds(made, { folds: 2 })).toThrow(told);
      // what went in is divided as before
      expect(split(data).test).toBeDefined();
      expect(folds(data, { folds: 2 })).toHaveLength(2);
    });
  }
});
