// From a drawing to an image like those that the encoder knows.

const BOX = 20 / 28; // of each side of the image: LeCun et al. fitted digits into 20 x 20 of 28 x 28 pixels
const MIDDLE = 0.5; // pixels right of and below the image's middle: there MNIST's centres of mass are, on average

/** Where ink is along one axis: its first and last place + 1, and its centre of mass. */
function extentOf(sums) {
  const [first, last] = [sums.findIndex((sum) => sum > 0), sums.findLastIndex((sum) => sum > 0) + 1];
  const [total, moment] = sums.reduce(([t, m], sum, i) => [t + sum, m + sum * (i + 0.5)], [0, 0]);
  return { first, size: last - first, centre: moment / total };
}

/** For each of `n` pixels which places of the drawing it covers, [place, share] with shares of all pixel's sum 1. */
function coverage(n, scale, { centre }, length) {
  return Array.from({ length: n }, (_, pixel) => {
    const [from, to] = [pixel, pixel + 1].map((edge) => centre + (edge - (n / 2 + MIDDLE)) / scale);
    const covered = [];
    for (let place = Math.max(0, Math.floor(from)); place < Math.min(length, to); place++)
      covered.push([place, (Math.min(place + 1, to) - Math.max(place, from)) * scale]);
    return covered;
  });
}

/**
 * Fit the ink of a drawing, `rows` x `columns` numbers from 0 to 1, into the middle of an image of `height` x `width`,
 * keeping its aspect ratio, and put its centre of mass where theirs is. A pixel is the mean of what it covers.
 * Returns a Float32Array, or null where there is no ink.
 */
export function prepare(ink, rows, columns, height, width) {
  const [down, across] = [new Float64Array(rows), new Float64Array(columns)];
  for (let i = 0; i < ink.length; i++) {
    down[Math.floor(i / columns)] += ink[i];
    across[i % columns] += ink[i];
  }
  const [y, x] = [extentOf(down), extentOf(across)];
  if (y.first < 0) return null;
  const scale = BOX * Math.min(height / y.size, width / x.size);
  const [lines, places] = [coverage(height, scale, y, rows), coverage(width, scale, x, columns)];
  const image = new Float32Array(height * width);
  for (let i = 0; i < image.length; i++)
    for (const [line, share] of lines[Math.floor(i / width)])
      for (const [place, part] of places[i % width]) image[i] += share * part * ink[line * columns + place];
  return image;
}
