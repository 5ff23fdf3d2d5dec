import { kebab, METHODS } from "./catalogue";
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
  counterpoise inspect IN.csv --target COLUMN               classes, columns, missing cells, duplicates
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

const LISTED = `counterpoise methods [--json]

Lists all methods, with their sources and options.
`;

/** Help on a command, or on all. */
export function helpOf(command: string | undefined): string {
  if (command === "balance") return BALANCE;
  if (command === "inspect") return INSPECT;
  return command === "methods" ? LISTED : GENERAL;
}
