/** What draws: text from outside goes into text nodes only, and addresses only when they are of the web. Runs in the browser, by its own text. */
export function domTools() {
  /**
   * An element with a class, a text and children.
   * @template {keyof HTMLElementTagNameMap} T
   * @param {T} tag
   * @param {string} [className]
   * @param {...(Node | string)} children
   * @returns {HTMLElementTagNameMap[T]}
   */
  function make(tag, className = "", ...children) {
    const node = document.createElement(tag);
    if (className !== "") node.className = className;
    node.append(...children);
    return node;
  }

  /** An element for a text from outside, which decides about its own direction only. @param {string} text */
  function outside(text) {
    const node = make("bdi", "out", text);
    node.dir = "auto";
    return node;
  }

  /** Sets a text where it differs. @param {Element} node @param {string} text */
  function write(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }

  /** Sets an attribute where it differs. @param {Element} node @param {string} name @param {string} value */
  function mark(node, name, value) {
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }

  /** A link into the web, or null for any other address. @param {string | null | undefined} url @param {string} text @param {string} [className] */
  function link(url, text, className) {
    if (!url || !/^https?:\/\//i.test(url) || !URL.canParse(url)) return null;
    const node = make("a", className, text);
    node.href = url;
    node.target = "_blank";
    node.rel = "noopener noreferrer";
    return node;
  }

  /**
   * Puts `nodes` into `parent` in their order; a node that is there already is not moved without need, so that it keeps its focus.
   * @param {Element} parent
   * @param {readonly Element[]} nodes
   */
  function arrange(parent, nodes) {
    const wanted = new Set(nodes);
    for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
    let at = parent.firstElementChild;
    for (const node of nodes) {
      if (node === at) at = at.nextElementSibling;
      else parent.insertBefore(node, at);
    }
  }

  /** An element of the page that is always there. @param {string} id */
  function byId(id) {
    const node = document.getElementById(id);
    if (!node) throw new Error(`No #${id} in the page`);
    return node;
  }

  return { make, outside, write, mark, link, arrange, byId };
}
