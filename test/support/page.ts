import { parse, type DefaultTreeAdapterTypes as Tree } from "parse5";

type Element = Tree.Element;

/** A page as a browser reads it, and what it finds wrong. */
export interface Page {
  readonly faults: readonly string[];
  /** Elements of a name, in order. */
  all(name: string, within?: Element): Element[];
  text(element: Element): string;
  attribute(element: Element, name: string): string | undefined;
}

export function pageOf(html: string): Page {
  const faults: string[] = [];
  const document = parse(html, {
    sourceCodeLocationInfo: true,
    onParseError: ({ code, startLine }) => faults.push(`${code} in line ${startLine}`),
  });
  const elements = (node: Tree.Node): Element[] =>
    ("childNodes" in node ? node.childNodes : []).flatMap((child) => ("tagName" in child ? [child, ...elements(child)] : []));
  const text = (node: Tree.Node): string =>
    "value" in node ? node.value : ("childNodes" in node ? node.childNodes : []).map(text).join("");
  return {
    faults,
    all: (name, within) => elements(within ?? document).filter(({ tagName }) => tagName === name),
    text,
    attribute: ({ attrs }, name) => attrs.find((attribute) => attribute.name === name)?.value,
  };
}
