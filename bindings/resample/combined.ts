import { checkInteger, checkOptions } from "../check";
import type { CleaningStrategy, Resampler } from "../contracts";
import { inTurn } from "./chain";
import { smote, SMOTE_OPTIONS, type SmoteOptions } from "./over/smote";
import { editedNearestNeighbors } from "./under/edited";
import { tomekLinks } from "./under/tomek";

export interface SmoteTomekOptions extends SmoteOptions {
  /** Which classes may lose rows after SMOTE. Default `"all"`. */
  readonly cleaning?: CleaningStrategy | undefined;
  /** Allow a class to lose all its rows. Default false: that is an error. */
  readonly allowEmpty?: boolean | undefined;
}

export interface SmoteEnnOptions extends SmoteTomekOptions {
  /** Neighbors that are asked whether a row stays. Default 3. */
  readonly editingNeighbors?: number | undefined;
  /** Whom a row has to please to stay: see `editedNearestNeighbors`. Default `"all"`. */
  readonly select?: "all" | "mode" | undefined;
}

/**
 * SMOTE, then both rows of every Tomek link go, real rows of the class that was grown among them: see `smote` and `tomekLinks`, whose options these are. To keep real rows of that class,
 * use `chain(smote(), tomekLinks())`.
 *
 * Batista, Prati, Monard: A study of the behavior of several methods for balancing machine learning training data, SIGKDD Explorations 6 (2004).
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function smoteTomek(options: SmoteTomekOptions = {}): Resampler {
  checkOptions("smoteTomek", options, [...SMOTE_OPTIONS, "cleaning", "allowEmpty"]);
  const { cleaning = "all", allowEmpty, ...own } = options;
  const { scale, missing } = own;
  const first = smote(own);
  const second = tomekLinks({ strategy: cleaning, scale, missing, allowEmpty });
  return inTurn("smoteTomek", { ...first.options, cleaning, allowEmpty: second.options["allowEmpty"] }, [first, second], "none");
}

/**
 * SMOTE, then edited nearest neighbors among all rows, real rows of the class that was grown included: see `smote` and `editedNearestNeighbors`, whose options these are. Cleans far more than `smoteTomek`.
 * To keep real rows of the grown class, use `chain(smote(), editedNearestNeighbors())`.
 *
 * Batista, Prati, Monard: A study of the behavior of several methods for balancing machine learning training data, SIGKDD Explorations 6 (2004), where most of three neighbors decide: `select: "mode"`.
 * The default, that one neighbor of another class is enough, is imbalanced-learn's.
 *
 * @throws {InputError} for unknown options or values; when used, for data that does not allow them.
 */
export function smoteEnn(options: SmoteEnnOptions = {}): Resampler {
  checkOptions("smoteEnn", options, [...SMOTE_OPTIONS, "cleaning", "allowEmpty", "editingNeighbors", "select"]);
  const { cleaning = "all", allowEmpty, editingNeighbors = 3, select, ...own } = options;
  const { scale, missing } = own;
  const first = smote(own);
  const kNeighbors = checkInteger("editingNeighbors", editingNeighbors, 1);
  const second = editedNearestNeighbors({ strategy: cleaning, kNeighbors, select, scale, missing, allowEmpty });
  const { select: selecting, allowEmpty: allowing } = second.options;
  const all = { ...first.options, cleaning, editingNeighbors: kNeighbors, select: selecting, allowEmpty: allowing };
  return inTurn("smoteEnn", all, [first, second], "none");
}
