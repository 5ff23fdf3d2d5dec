/** An app of one method. */
export { smote } from "counterpoise";
