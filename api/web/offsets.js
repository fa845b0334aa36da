/** The service counts code points, JavaScript's strings UTF-16 units: a character outside the
 * Basic Multilingual Plane is one of the former and two of the latter. Pure.
 */

/** How many code points a string has. @param {string} text */
export function codePoints(text) {
  let count = 0;
  for (let at = 0; at < text.length; at += wide(text, at) ? 2 : 1) count += 1;
  return count;
}

/** Where in a string its so-manieth code point begins. @param {string} text @param {number} count */
export function unitsAt(text, count) {
  let at = 0;
  for (let left = count; left > 0 && at < text.length; left -= 1) at += wide(text, at) ? 2 : 1;
  return at;
}

/** Part of a string, by code points. @param {string} text @param {number} start @param {number} end */
export function slice(text, start, end) {
  const first = unitsAt(text, start);
  return text.slice(first, first + unitsAt(text.slice(first), end - start));
}

/** A text cut where marks begin and end; each piece with the marks that lie over it.
 *
 * @template {{start: number, end: number}} Mark
 * @param {string} text
 * @param {number} from the offset of the text's first code point
 * @param {Mark[]} marks offsets as `from` counts
 * @returns {{text: string, start: number, marks: Mark[]}[]}
 */
export function pieces(text, from, marks) {
  const end = from + codePoints(text);
  const over = marks.filter((mark) => mark.start < end && mark.end > from && mark.start < mark.end);
  const inside = over.flatMap((mark) => [mark.start, mark.end]).filter((at) => at > from && at < end);
  const cuts = [...new Set([from, ...inside, end])].sort((one, other) => one - other);
  let unit = 0;
  return cuts.slice(0, -1).map((start, number) => {
    const next = unit + unitsAt(text.slice(unit), cuts[number + 1] - start);
    const piece = { text: text.slice(unit, next), start, marks: over.filter((mark) => mark.start <= start && mark.end > start) };
    unit = next;
    return piece;
  });
}

function wide(text, at) {
  const unit = text.charCodeAt(at);
  if (unit < 0xd800 || unit > 0xdbff) return false;
  const next = text.charCodeAt(at + 1);
  return next >= 0xdc00 && next <= 0xdfff;
}
