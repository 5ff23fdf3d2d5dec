import { escaped } from "./html";

/**
 * As much of a document as Observable Plot asks for: elements that are given attributes and children, and write themselves. Coordinates are rounded to a tenth of a
 * pixel, so that pages are small and that digits which depend on the engine do not show.
 */
class Element {
  readonly ownerDocument: object;
  readonly namespaceURI: string;
  readonly name: string;
  readonly children: (Element | string)[] = [];
  readonly attributes = new Map<string, string>();

  constructor(ownerDocument: object, namespaceURI: string, name: string) {
    this.ownerDocument = ownerDocument;
    this.namespaceURI = namespaceURI;
    this.name = name;
  }

  setAttribute(name: string, value: unknown): void {
    // the picture has a title and a description of its own; classes go with style sheets, of which the page has one
    if (!name.startsWith("aria-") && name !== "class") this.attributes.set(name, tenths(String(value)));
  }

  hasAttribute(name: string): boolean {
    return this.attributes.has(name);
  }

  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }

  appendChild(child: Element): Element {
    return this.insertBefore(child, null);
  }

  insertBefore(child: Element, next: Element | null): Element {
    this.children.splice(next ? this.children.indexOf(next) : this.children.length, 0, child);
    return child;
  }

  set textContent(text: unknown) {
    this.children.splice(0, this.children.length, String(text));
  }

  toString(): string {
    const attributes = [...this.attributes].map(([name, value]) => ` ${name}="${escaped(value)}"`).join("");
    const children = this.children.map((child) => (typeof child !== "string" ? child.toString() : escaped(child))).join("");
    if (this.name === "style") return "";
    return children ? `<${this.name}${attributes}>${children}</${this.name}>` : `<${this.name}${attributes}/>`;
  }
}

function tenths(text: string): string {
  return text.replace(/-?\d+\.\d+(e-?\d+)?/g, (number) => String(Math.round(Number(number) * 10) / 10));
}

const drawing = {
  createElementNS: (namespace: string, name: string): Element => new Element(drawing, namespace, name),
  documentElement: { namespaceURI: "http://www.w3.org/1999/xhtml", ownerDocument: undefined as unknown },
};
drawing.documentElement.ownerDocument = drawing;

/** What Plot takes for the document of a browser. */
export const plotDocument: Document = drawing as unknown as Document;

/** An element by name, for what Plot does not draw. */
export function svgElement(name: string, text: string): Element {
  const element = drawing.createElementNS("http://www.w3.org/2000/svg", name);
  element.textContent = text;
  return element;
}

export type SvgElement = Element;
