import {
  allKnn,
  chain,
  editedNearestNeighbors,
  neighborhoodCleaningRule,
  randomUndersample,
  repeatedEditedNearestNeighbors,
  smote,
  smoteEnn,
  smoteTomek,
  tomekLinks,
} from "../../bindings/index";
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
reduces({ name: "editedNearestNeighbors", kinds: KINDS, counts: false, make: (options) => editedNearestNeighbors(options as object) });
reduces({
  name: "editedNearestNeighbors by mode",
  kinds: KINDS,
  counts: false,
  make: (options) => editedNearestNeighbors({ select: "mode", ...(options as object) }),
});
reduces({
  name: "repeatedEditedNearestNeighbors",
  kinds: KINDS,
  counts: false,
  make: (options) => repeatedEditedNearestNeighbors(options as object),
});
reduces({ name: "allKnn", kinds: KINDS, counts: false, make: (options) => allKnn(options as object) });
reduces({ name: "neighborhoodCleaningRule", kinds: KINDS, counts: false, make: (options) => neighborhoodCleaningRule(options as object) });

const combined = { kinds: KINDS, counts: false, makes: true, seeded: true, combined: true } as const;
reduces({
  ...combined,
  name: "chain",
  make: ({ seed, allowEmpty }) => chain(smote({ seed, onTooFew: "reduce" }), editedNearestNeighbors({ allowEmpty })),
});
reduces({ ...combined, name: "smoteTomek", make: ({ seed, allowEmpty }) => smoteTomek({ seed, onTooFew: "reduce", allowEmpty }) });
reduces({ ...combined, name: "smoteEnn", make: ({ seed, allowEmpty }) => smoteEnn({ seed, onTooFew: "reduce", allowEmpty }) });
