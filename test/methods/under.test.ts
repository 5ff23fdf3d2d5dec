import { randomUndersample, tomekLinks } from "../../bindings/index";
import { KINDS } from "./contract";
import { reduces } from "./under";

reduces({ name: "randomUndersample", kinds: KINDS, counts: true, seeded: true, make: (options) => randomUndersample(options as object) });
reduces({
  name: "randomUndersample with replacement",
  kinds: KINDS,
  counts: true,
  seeded: true,
  makes: true,
  make: (options) => randomUndersample({ replacement: true, ...(options as object) }),
});
reduces({ name: "tomekLinks", kinds: KINDS, counts: false, make: (options) => tomekLinks(options as object) });
