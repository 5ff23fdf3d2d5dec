export const HELP = `counterpoise: balance a table by adding synthetic rows

usage: counterpoise balance IN.csv --target COLUMN [-o OUT.csv] [options]

Reads a CSV, adds rows to its smaller classes, and writes the originals as they were followed by the new rows.
Without -o the table goes to standard output and the summary to standard error.

  --target COLUMN          the column that holds the class (required)
  --method NAME            smote (default) or randomOversample
  --strategy WHAT          auto (default), minority, "not minority", all; a ratio such as 0.5; or by class:
                           counts:yes=500  ratios:yes=0.5  times:yes=2,maybe=3
  --seed N                 random seed, default 0: the same seed gives the same file on every machine
  --draws HOW              even (default) or independent: how base rows are drawn

smote
  --k N                    neighbors, default 5
  --scale HOW              standard (default) or none: how columns are made comparable in distances
  --nominal HOW            vote (default) or parent: where a nominal value comes from
  --on-too-few WHAT        a class of k rows or fewer: error (default), reduce, copy or skip

randomOversample
  --shrinkage X            0 (default) copies rows; above 0 adds noise (ROSE)

columns
  --kind COLUMN=KIND       numeric, integer, ordinal or nominal, where it is not what the cells suggest
  --levels COLUMN=A,B,C    the order of an ordinal column, lowest first
  --bounds COLUMN=0..100   lowest and highest value of a numeric column, either may be left out
  --carry COLUMN           copy from the base row and keep out of distances: identifiers, dates, free text
  --weight COLUMN          row weights, interpolated
  --missing TEXT           a text that means a missing cell, beside the empty one: NA, ?

output
  -o, --output OUT.csv     written whole or not at all
  --only-synthetic         the new rows alone
  --origins                add the columns _origin, _base, _neighbor and _gap; rows count from 1
  --json                   the summary as JSON (needs -o)
  -h, --help               this text
  --version

examples
  counterpoise balance examples/penguins.csv --target species -o balanced.csv
  counterpoise balance patients.csv --target relapse --carry id --missing NA --strategy 0.5 -o out.csv
  counterpoise balance survey.csv --target left --kind age_group=ordinal --levels "age_group=young,middle,old" --only-synthetic

exit codes: 0 done; 1 the data or a file was at fault, and nothing was written; 2 the command line was.
`;
