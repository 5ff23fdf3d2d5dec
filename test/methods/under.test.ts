import {
  allKnn,
  editedNearestNeighbors,
  neighborhoodCleaningRule,
  randomUndersample,
  repeatedEditedNearestNeighbors,
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
