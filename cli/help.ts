import { kebab, METHODS } from "./catalogue";
import { LEARNERS } from "./learners";
import type { Flag } from "./offered";
import { takersOf, usageOf } from "./methods";

/** Flags of methods, again where methods give them other words. */
const OPTIONS = METHODS.flatMap(({ flags }) => flags).filter(
  ({ flag, help }, at, all) => all.findIndex((other) => other.flag === flag && other.help === help) === at,
);

function whose({ flag, help }: Flag): string {
  const takers = takersOf(flag, help);
  return takers.length > 4 ? `${takers.length} methods` : takers.join(", ");
}

const COLUMNS = `columns
  --target COLUMN          the column that holds the class (required)
  --kind COLUMN=KIND       numeric, integer, ordinal or nominal, where it is not what the cells suggest
  --levels COLUMN=A,B,C    the order of an ordinal column, lowest first
  --bounds COLUMN=0..100   lowest and highest value of a numeric column, either may be left out
  --carry COLUMN           copy from the base row and keep out of distances: identifiers, dates, free text
  --weight COLUMN          row weights, interpolated
  --missing TEXT           a text that means a missing cell, beside the empty one: NA, ?`;

const FILES = `files
  Comma, semicolon or tab separated text, or JSON Lines; by the ending of the name, also with .gz.
  The name - reads standard input.
  --format csv|tsv|jsonl   where the name does not tell
  --delimiter CHARACTER    of a CSV, where its first lines do not tell`;

const EXIT = "exit codes: 0 done; 1 the data or a file was at fault, and nothing was written; 2 the command line was.";

const GENERAL = `counterpoise: imbalanced learning from the command line

  counterpoise balance IN.csv --target COLUMN -o OUT.csv    add rows to the smaller classes
  counterpoise evaluate IN.csv --target COLUMN              whether a method helps a learner, by cross-validation
  counterpoise tune IN.csv --target COLUMN                  how many rows to add
  counterpoise advise IN.csv --target COLUMN                whether to add any, or do something simpler
  counterpoise inspect IN.csv --target COLUMN               classes, columns, missing cells, duplicates
  counterpoise diagnose REAL.csv OUT.csv --target COLUMN    how good and how private the added rows are; leaks between files
  counterpoise methods                                      the methods that balance offers
  counterpoise COMMAND --help                               all options and examples
  counterpoise --version

${FILES}

examples
  counterpoise inspect examples/penguins.csv --target species
  counterpoise balance examples/penguins.csv --target species -o balanced.csv

${EXIT}
`;

const BALANCE = `counterpoise balance IN.csv --target COLUMN [-o OUT.csv] [options]

Adds rows to the smaller classes of a table, or removes rows, by the method; writes the originals that stay as they were, followed by the new rows.
Without -o the table goes to standard output and the summary to standard error. A CSV may be larger than memory:
only the rows of the classes that grow are kept, unless the method looks at the other classes too.

  --method NAME            smote (default), or another method below
  --chain NAME,NAME,…      methods one after the other: --chain smote,tomek-links; the strategy is that of the first
  --strategy WHAT          auto (default), minority, "not minority", all; a ratio such as 0.5; or by class:
                           counts:yes=500  ratios:yes=0.5  times:yes=2,maybe=3
  --seed N                 random seed, default 0: the same seed gives the same file on every machine
  --draws HOW              even (default) or independent: how base rows are drawn
  --threads N              1 (default), more, or auto: faster where a class that grows is large, and more memory; the same rows

methods, with sources in counterpoise methods
${METHODS.map(({ name, what }) => `  ${kebab(name).padEnd(24)} ${what}`).join("\n")}

options of methods
${OPTIONS.map((flag) => `  ${usageOf(flag)} (${whose(flag)})`).join("\n")}

${COLUMNS}

output
  -o, --output OUT.csv     written whole or not at all; compressed if the name ends with .gz
  --only-synthetic         the new rows alone
  --origins                add the columns _origin, _base, _neighbor and _gap; rows count from 1
  --json                   the summary as JSON (needs -o)
  --report PAGE.html       a page with charts besides; keeps all rows in memory

${FILES}

examples
  counterpoise balance examples/penguins.csv --target species -o balanced.csv --report balanced.html
  counterpoise balance patients.csv --target relapse --carry id --missing NA --strategy 0.5 -o out.csv
  counterpoise balance survey.csv --target left --kind age_group=ordinal --levels "age_group=young,middle,old" --only-synthetic
  zcat big.csv.gz | counterpoise balance - --target fraud | gzip > balanced.csv.gz

${EXIT}
`;

const LEARNER_LINES = `learners
${LEARNERS.map(({ name, what }) => `  ${name.toLowerCase().padEnd(24)} ${what}`).join("\n")}

options of learners
${LEARNERS.flatMap(({ name, flags }) => flags.map((flag) => `  ${usageOf(flag)} (${name.toLowerCase()})`)).join("\n")}`;

const EVALUATE = `counterpoise evaluate IN.csv --target COLUMN [options]

Judges learners with and without resampling on rows that they did not learn from: every fold resamples its training rows alone. The table
untouched is always among the candidates. Each mean has its 95 % interval, corrected for folds that share training rows; differences to the
untouched table are told for the first metric, with p-values adjusted for the number of candidates.

  --method NAME,NAME,…     smote (default), or others, each a candidate; see counterpoise methods
  --chain NAME,NAME,…      methods one after the other, as one candidate
  --strategy WHAT          as in counterpoise balance, and so are all options of methods; --on-too-few is reduce unless told
  --learner NAME,NAME,…    logistic (default) or others below
  --folds N                parts of the rows, each of which is judged once, default 5
  --repeats N              how often to divide the rows anew, default 1
  --metric NAME,NAME,…     balancedAccuracy, rocAuc, averagePrecision, logLoss, balancedLogLoss, brier, gMean, fBeta (default: all of these),
                           matthewsCorrelation, sensitivity, specificity, precision, prAuc, expectedCalibrationError
  --choose-threshold NAME  f1, gMean, balancedAccuracy or matthewsCorrelation: take the threshold that is best on training rows
  --positive LABEL         the class that is looked for, of two; default: the rarer, or 1 of 0 and 1
  --group COLUMN           rows of a group stay on one side
  --time COLUMN            every fold is judged on later rows than it learns from
  --seed N                 of folds and methods, default 0
  --threads N              auto (default) or a number; the same results

${LEARNER_LINES}

${COLUMNS}

  --json                   as JSON, with the scores of every fold
  --report PAGE.html       a page with charts besides

${FILES}

examples
  counterpoise evaluate examples/penguins.csv --target species
  counterpoise evaluate examples/penguins.csv --target species --learner logistic,knn --metric rocAuc,brier --repeats 3 --report judged.html
  counterpoise evaluate fraud.csv --target fraud --method smote,random-undersample --learner logistic --C 0.1 --json

${EXIT}
`;

const TUNE = `counterpoise tune IN.csv --target COLUMN [options]

Finds how many rows to add: the multiple of what the strategy asks for whose models have the lowest balanced log loss on real rows held out. 0 is
among the candidates. Beside it stands, on the same parts, what needs no rows: the prior moved, the threshold moved, class weights.

  --method NAME            an oversampler, smote by default; see counterpoise methods
  --strategy WHAT          as in counterpoise balance, and so are all options of methods; --on-too-few is reduce unless told
  --learner NAME           logistic (default) or another below
  --grid N,N,…             multiples to try, default 14 from 0 to 2, and larger ones up to 6 where the largest is the best
  --rule WHAT              argmin (default), one-se-balance, one-se-zero or one-se-smallest
  --per-class              a multiple for each class
  --guided                 diagnose what imbalance does to the model first, and try what that suggests too
  --bias-correction        try to take the bias of the rows away, in four strengths
  --folds N                default 5
  --repeats N              how often to divide the rows anew, default 3
  --group COLUMN           rows of a group stay on one side
  --time COLUMN            every part is judged on later rows than it learns from
  --seed N                 of parts and rows, default 0
  --threads N              auto (default) or a number; the same results

${LEARNER_LINES}

${COLUMNS}

  --json                   as JSON, with the loss of every part
  --report PAGE.html       a page with charts besides

${FILES}

examples
  counterpoise tune examples/penguins.csv --target species
  counterpoise tune examples/penguins.csv --target species --method adasyn --learner knn --repeats 1
  counterpoise tune fraud.csv --target fraud --grid 0,0.5,1,2 --rule one-se-balance --json

${EXIT}
`;

const ADVISE = `counterpoise advise IN.csv --target COLUMN [options]

Tells whether a method helps at all: each, at its tuned size, against the best of what costs nothing (the table untouched, the prior moved, the threshold
moved, class weights, random over- and undersampling), by ranking, probabilities and decisions. Sizes and thresholds are chosen inside of the training rows.

  --method NAME,NAME,…     smote (default), or others, each a candidate; see counterpoise methods
  --chain NAME,NAME,…      methods one after the other, as one candidate
  --strategy WHAT          as in counterpoise balance, and so are all options of methods; --on-too-few is reduce unless told
  --learner NAME           logistic (default) or another below
  --metric NAME            which column decides: averagePrecision (default), logLoss or balancedAccuracy
  --bias-correction        judge every oversampler with its bias taken away too
  --margin N               a difference within which two are as good as each other, default 0.01
  --grid N,N,…             multiples that sizes are chosen from, default 0,0.25,0.5,1,1.5,2
  --folds N                default 5
  --repeats N              how often to divide the rows anew, default 2
  --time-budget SECONDS    begin no further part after it
  --group COLUMN           rows of a group stay on one side
  --time COLUMN            every part is judged on later rows than it learns from
  --seed N                 default 0
  --threads N              auto (default) or a number; the same results

${LEARNER_LINES}

${COLUMNS}

  --json                   as JSON, with the scores of every part
  --report PAGE.html       a page with charts besides

${FILES}

examples
  counterpoise advise examples/penguins.csv --target species --repeats 1
  counterpoise advise fraud.csv --target fraud --method smote,borderline-smote,adasyn --time-budget 60
  counterpoise advise fraud.csv --target fraud --chain smote,tomek-links --learner knn --metric balancedAccuracy --json

${EXIT}
`;

const INSPECT = `counterpoise inspect IN.csv --target COLUMN [options]

Tells what is in a table before anything is done with it: classes and their imbalance, what each column is taken for and why,
missing cells, constant columns, duplicates, and rows that equal a row of another class.

${COLUMNS}

  --json                   as JSON
  --report PAGE.html       a page with charts besides

${FILES}

examples
  counterpoise inspect examples/penguins.csv --target species
  counterpoise inspect examples/penguins.csv --target species --report penguins.html
  counterpoise inspect examples/penguins.csv --target species --json

${EXIT}
`;

const DIAGNOSE = `counterpoise diagnose REAL.csv BALANCED.csv --target COLUMN [options]
counterpoise diagnose --train TRAIN.csv --test TEST.csv --target COLUMN [options]

The first tells how good the rows are that BALANCED.csv has beyond those of REAL.csv, and what they give away: distributions, dependence,
classifiers, copies, territory; distances to real rows and the parents that rows name. The second tells what the test rows know of
the training rows: rows that were made or copied before the split, equal rows, shared groups, training rows from the future.

  --holdout HELD.csv       real rows that were not used, as a measure of distances
  --only-synthetic         the second file holds new rows alone, as balance --only-synthetic writes them
  --group COLUMN           leaks: rows of a group belong on one side
  --time COLUMN            leaks: test rows have to be later
  --seed N                 draws rows where there are many, default 0
  --threads N              auto (default) or a number; the same results

${COLUMNS}

  --json                   as JSON, with every figure
  --report PAGE.html       a page with charts besides

${FILES}

examples
  counterpoise balance examples/penguins.csv --target species -o balanced.csv && counterpoise diagnose examples/penguins.csv balanced.csv --target species
  counterpoise diagnose fraud.csv balanced.csv --target fraud --holdout later.csv --json
  counterpoise diagnose --train train.csv --test test.csv --target fraud --group customer

${EXIT}
`;

const LISTED = `counterpoise methods [--json]

Lists all methods, with their sources and options.
`;

/** Help on a command, or on all. */
export function helpOf(command: string | undefined): string {
  if (command === "balance") return BALANCE;
  if (command === "evaluate") return EVALUATE;
  if (command === "tune") return TUNE;
  if (command === "advise") return ADVISE;
  if (command === "diagnose") return DIAGNOSE;
  if (command === "inspect") return INSPECT;
  return command === "methods" ? LISTED : GENERAL;
}
