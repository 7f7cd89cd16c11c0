const perCell = 4, mostCells = 512;

/** Points by cells of a square grid, so that the nearest to a place is found at once, however many there are. */
export const createGrid = (x, y) => {
  const count = x.length;
  const side = Math.max(1, Math.min(mostCells, Math.ceil(Math.sqrt(count / perCell))));
  // The first view is the square from -1 to 1; what lies beyond it belongs to the cells at the border.
  const cell = (value) => Math.max(0, Math.min(side - 1, Math.floor((value + 1) / 2 * side)));
  const starts = new Uint32Array(side * side + 1), members = new Uint32Array(count);
  for (let i = 0; i < count; i++) starts[cell(y[i]) * side + cell(x[i]) + 1]++;
  for (let i = 1; i < starts.length; i++) starts[i] += starts[i - 1];
  const next = starts.slice();
  for (let i = 0; i < count; i++) members[next[cell(y[i]) * side + cell(x[i])]++] = i;

  /** The visible point nearest to a place, -1 without one within the radius. */
  return (atX, atY, radius, isVisible) => {
    let nearest = -1, best = radius * radius;
    const right = cell(atX + radius), top = cell(atY + radius);
    for (let row = cell(atY - radius); row <= top; row++) {
      const from = starts[row * side + cell(atX - radius)], to = starts[row * side + right + 1];
      for (let i = from; i < to; i++) {
        const point = members[i], dx = x[point] - atX, dy = y[point] - atY, distance = dx * dx + dy * dy;
        if (distance <= best && isVisible(point)) [nearest, best] = [point, distance];
      }
    }
    return nearest;
  };
};
