const fewest = 100_000, side = 512, reach = 1.25, radius = 5, levels = 7, strongest = 0.5, gone = 5;

// Three box blurs are nearly a Gaussian.
const blur = (values) => {
  const out = new Float32Array(values.length);
  const pass = (from, to, step, stride) => {
    for (let line = 0; line < side; line++) {
      const start = line * stride;
      let sum = 0;
      for (let i = 0; i < Math.min(radius, side); i++) sum += from[start + i * step];
      for (let i = 0; i < side; i++) {
        if (i + radius < side) sum += from[start + (i + radius) * step];
        if (i - radius - 1 >= 0) sum -= from[start + (i - radius - 1) * step];
        to[start + i * step] = sum;
      }
    }
  };
  for (let round = 0; round < 3; round++) {
    pass(values, out, 1, side);
    pass(out, values, side, 1);
  }
  return values;
};

/** Where most points are, in bands above them: with so many, their own colors no longer show it. It fades as the view comes closer. */
export const createDensity = (stage, plot, view, data) => {
  if (data.count < fewest) return { draw() {}, theme() {}, pause() {} };
  const layer = document.createElement('canvas');
  layer.width = layer.height = side;
  layer.className = 'density';
  layer.setAttribute('aria-hidden', 'true');
  stage.append(layer);
  let bands, dark = false, paused = false;

  const paint = () => {
    const context = layer.getContext('2d'), image = context.createImageData(side, side), ink = dark ? 255 : 0;
    for (let i = 0; i < bands.length; i++) {
      image.data[4 * i] = image.data[4 * i + 1] = image.data[4 * i + 2] = ink;
      image.data[4 * i + 3] = Math.round(255 * strongest * bands[i] / levels);
    }
    context.putImageData(image, 0, 0);
  };

  const count = (visible) => {
    const cells = new Float32Array(side * side);
    const add = (point) => {
      const column = Math.floor((data.x[point] + reach) / (2 * reach) * side), row = Math.floor((reach - data.y[point]) / (2 * reach) * side);
      if (column >= 0 && column < side && row >= 0 && row < side) cells[row * side + column]++;
    };
    if (visible) for (const point of visible) add(point);
    else for (let point = 0; point < data.count; point++) add(point);
    blur(cells);
    let most = 0;
    for (const value of cells) if (value > most) most = value;
    // The lowest band begins above single points.
    bands = Uint8Array.from(cells, (value) => most === 0 ? 0 : Math.floor(Math.sqrt(value / most) * (levels + 0.999)));
  };

  const place = () => {
    const magnification = view.magnification();
    layer.hidden = paused || magnification >= gone;
    if (layer.hidden) return;
    const scale = 2 * reach * view.scale() / side, [x, y] = view.toScreen(-reach, reach);
    layer.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    layer.style.opacity = Math.min(1, (gone - magnification) / (gone - 2));
  };
  plot.subscribe('draw', place);

  return {
    draw(visible) {
      count(visible);
      paint();
      place();
    },
    theme(isDark) {
      dark = isDark;
      if (bands) paint();
    },
    /** Where points are left out to keep up, the bands are too: laying them over every frame takes as long. */
    pause(on) {
      paused = on;
      place();
    },
  };
};
