/** Makes an element. Text becomes a text node, never markup: what is shown comes from strangers. */
export const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== 'list') element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

/** The beginning of a text. */
export const excerpt = (text, length) => text.length <= length ? text : `${text.slice(0, length).trimEnd()}…`;
