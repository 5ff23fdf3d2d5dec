import { checkOptions, isRecord, list, nearest, show } from "../check";
import type { ColumnDescription, Kind, Label, Role } from "../contracts";
import { InputError } from "../errors";
import { readBounds, type Bounds } from "./bounds";
import type { Column, Layout, Schema } from "./dataset";
import { checkKind, inferKind, type Decision } from "./infer";
import type { Glance, Sight } from "./look";

export interface TableOptions {
  /** The column that holds the class label. */
  readonly target: string;
  /** How features are measured, where it is not what the cells suggest. */
  readonly kinds?: Readonly<Record<string, Kind>> | undefined;
  /** Columns copied from the base row of a synthetic row and kept out of distances: identifiers, dates, free text. */
  readonly carry?: readonly string[] | undefined;
  /** Rows with the same value belong together: `split` keeps them on one side. Copied from the base row. */
  readonly group?: string | undefined;
  /** `split` puts the latest rows aside. Copied from the base row. */
  readonly time?: string | undefined;
  /** Row weights, interpolated between base and neighbor. */
  readonly weight?: string | undefined;
  /** Lowest and highest value that a synthetic cell may have. */
  readonly bounds?: Readonly<Record<string, readonly [number, number]>> | undefined;
  /** Values of ordinal columns from lowest to highest. */
  readonly levels?: Readonly<Record<string, readonly unknown[]>> | undefined;
  /** Texts that mean a missing cell, beside the empty one: ["NA", "?"]. */
  readonly missing?: readonly string[] | undefined;
  /** Read columns of texts that all spell numbers, as in a CSV, as numbers; new cells are texts too. Default false: such a column is an error. */
  readonly parseNumbers?: boolean | undefined;
}

const OPTIONS = ["target", "kinds", "carry", "group", "time", "weight", "bounds", "levels", "missing", "parseNumbers"] as const;
const KINDS: readonly Kind[] = ["numeric", "integer", "ordinal", "nominal"];

/** What there is to know of a column before it is described: a sight of a feature, a glance at another. */
export interface Looked {
  readonly sight: Sight | Glance;
  /** Name of its array type. */
  readonly array: string;
}

export interface DescribedColumns {
  readonly columns: readonly Column[];
  readonly description: readonly ColumnDescription[];
  readonly notes: readonly string[];
}

/** Refuses anything else than an object of known options, and what can be told to be wrong before a column is seen. */
export function checkTableOptions(options: TableOptions): void {
  checkOptions("table", options ?? null, OPTIONS);
  const { missing, parseNumbers } = options;
  if (missing !== undefined && !(Array.isArray(missing) && missing.every((text) => typeof text === "string"))) {
    throw new InputError("OPTION", `missing is ${show(missing)}, but needs a list of texts: missing: ["NA"].`);
  }
  if (parseNumbers !== undefined && typeof parseNumbers !== "boolean") {
    throw new InputError("OPTION", `parseNumbers is ${show(parseNumbers)}, but needs true or false.`);
  }
}

/**
 * Kinds and roles of all columns, by the options and by what their cells show.
 * @throws {InputError} for options that do not fit the columns, and cells that do not fit their kind.
 */
export function describeColumns(
  names: readonly string[],
  options: TableOptions,
  look: (name: string, role: Role) => Looked,
): DescribedColumns {
  const roles = rolesOf(names, options);
  const columns: Column[] = [];
  const description: ColumnDescription[] = [];
  const notes: string[] = [];
  const places = { numeric: 0, nominal: 0, carried: 0 };
  for (const name of names) {
    const named = roles.get(name) ?? "feature";
    const { sight, array } = look(name, named);
    const { form, kind, role, why, note } =
      named === "feature" ? describeFeature(name, sight as Sight, options) : describeOther(named, sight);
    const block = role === "weight" || role === "target" ? undefined : !kind ? "carried" : kind === "nominal" ? "nominal" : "numeric";
    columns.push({
      name,
      role,
      place: block ? places[block]++ : 0,
      array,
      ...form,
      ...(kind && { kind }),
      ...rangeOf(kind, array, form.bounds),
    });
    description.push({ name, role, why, missing: sight.missing, ...(kind && { kind }) });
    if (note) notes.push(note);
  }
  return { columns, description, notes };
}

/** The schema of a table with these columns and classes. */
export function schemaOf(layout: Layout, columns: readonly Column[], classes: readonly Label[], target: string): Schema {
  const numberOf = (test: (column: Column) => boolean): number => columns.filter(test).length;
  return {
    layout,
    columns,
    target,
    classes,
    labelArray: "Array",
    d: numberOf(({ kind }) => kind !== undefined && kind !== "nominal"),
    q: numberOf(({ kind }) => kind === "nominal"),
    carried: numberOf(({ kind, role }) => !kind && role !== "target" && role !== "weight"),
    weighted: columns.some(({ role }) => role === "weight"),
    extra: {},
  };
}

/** Role of each column that has one by name. */
export function rolesOf(names: readonly string[], options: TableOptions): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const option of ["kinds", "bounds", "levels"] as const) {
    if (options[option] !== undefined && !isRecord(options[option])) {
      throw new InputError("OPTION", `${option} is ${show(options[option])}, but needs an object by column name.`);
    }
  }
  const give = (name: unknown, role: Role, option: string): void => {
    const known = checkName(name, names, option);
    const before = roles.get(known);
    if (before) throw new InputError("OPTION", `Column ${show(known)} is named as ${before} and as ${role}; a column has one role.`);
    roles.set(known, role);
  };
  give(options.target, "target", "target");
  if (options.carry !== undefined && !Array.isArray(options.carry)) {
    throw new InputError("OPTION", `carry is ${show(options.carry)}, but needs a list of column names: carry: ["id"].`);
  }
  for (const name of options.carry ?? []) give(name, "carry", "carry");
  for (const role of ["group", "time", "weight"] as const) if (options[role] !== undefined) give(options[role], role, role);
  for (const option of ["kinds", "bounds", "levels"] as const) {
    for (const name of Object.keys(options[option] ?? {})) {
      const role = roles.get(checkName(name, names, option));
      if (role)
        throw new InputError("OPTION", `${option} describes column ${show(name)}, which is named as ${role}; only features are described.`);
    }
  }
  for (const [name, kind] of Object.entries(options.kinds ?? {})) {
    if (!KINDS.includes(kind)) throw new InputError("OPTION", `kinds.${name} is ${show(kind)}, but needs one of ${list(KINDS)}.`);
  }
  for (const name of Object.keys(options.levels ?? {})) {
    if (options.kinds?.[name] !== "ordinal" || !Array.isArray(options.levels![name])) {
      throw new InputError("OPTION", `levels.${name} needs a list from lowest to highest, and kinds: { ${show(name)}: "ordinal" }.`);
    }
  }
  return roles;
}

function checkName(name: unknown, names: readonly string[], option: string): string {
  if (typeof name === "string" && names.includes(name)) return name;
  const near = typeof name === "string" ? nearest(name, names) : undefined;
  throw new InputError(
    "OPTION",
    `${option} names ${show(name)}, which is no column; ${near ? `did you mean "${near}"?` : `there are ${list(names.slice(0, 12))}${names.length > 12 ? " …" : ""}.`}`,
  );
}

interface Described {
  readonly role: Role;
  readonly kind?: Kind | undefined;
  readonly why: string;
  readonly note?: string | undefined;
  /** What the kind needs to be written back. */
  readonly form: Pick<Column, "missing" | "levels" | "form" | "bounds">;
}

function describeOther(role: Role, { type }: Glance): Described {
  const inTexts = role === "weight" && type === "string";
  return { role, why: `named in ${role}`, form: { missing: "null", ...(inTexts && { form: "string" }) } };
}

function describeFeature(name: string, sight: Sight, options: TableOptions): Described {
  const declared = options.kinds?.[name];
  const levels = options.levels?.[name];
  if (declared) checkKind(name, declared, sight, levels);
  const { kind, why, note }: Decision = declared
    ? { kind: declared, why: "declared" }
    : inferKind(name, sight, options.parseNumbers ?? false);
  const bounds = readBounds(options.bounds?.[name], `column ${show(name)}`, kind);
  const numeric = kind === "numeric" || kind === "integer";
  return {
    role: kind ? "feature" : "carry",
    kind,
    why,
    note,
    form: {
      missing: sight.missingForm,
      ...(kind && !numeric && { levels: levelsOf(name, kind, sight, levels) }),
      ...(numeric && (sight.type === "string" || sight.type === "bigint") && { form: sight.type }),
      ...(bounds && { bounds }),
    },
  };
}

function levelsOf(name: string, kind: Kind, { values }: Sight, declared: readonly unknown[] | undefined): readonly unknown[] {
  if (kind === "nominal") return [...values];
  if (!declared) return ([...values] as number[]).sort((a, b) => a - b);
  const order = new Set(declared);
  for (const value of values) {
    if (!order.has(value))
      throw new InputError("COLUMN", `Column ${show(name)} holds ${show(value)}, which its levels do not name; add it to levels.${name}.`);
  }
  return [...order];
}

/** Ranges that array types set. */
const ARRAY_RANGES: Readonly<Record<string, Bounds>> = {
  Int8Array: [-128, 127],
  Uint8Array: [0, 255],
  Uint8ClampedArray: [0, 255],
  Int16Array: [-32768, 32767],
  Uint16Array: [0, 65535],
  Int32Array: [-2147483648, 2147483647],
  Uint32Array: [0, 4294967295],
};

function rangeOf(
  kind: Kind | undefined,
  array: string,
  declared: readonly [number, number] | undefined,
): { bounds?: readonly [number, number] } {
  const range = ARRAY_RANGES[array];
  if (!range || (kind !== "numeric" && kind !== "integer")) return {};
  return { bounds: declared ? [Math.max(declared[0], range[0]), Math.min(declared[1], range[1])] : range };
}
