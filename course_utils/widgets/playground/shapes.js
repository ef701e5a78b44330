// The points to begin with, as (x0, y0, x1, y1, ...).

const POINTS_SEED = 0; // of all shapes: the reader's seed draws weights and batches

/** Two independent numbers from the standard normal distribution: Box and Muller (1958). */
function makeNormal(random) {
  return () => {
    const [radius, angle] = [Math.sqrt(-2 * Math.log(1 - random())), 2 * Math.PI * random()];
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  };
}

/** `n` points: `place(part, normal)` returns the one that lies `part` of the way from the first to the last. */
function scatter(n, place) {
  const normal = makeNormal(makeRandom(POINTS_SEED));
  return Float64Array.from(Array.from({ length: n }, (_, i) => place(i / n, normal())).flat());
}

const SHAPES = {
  // As make_two_gaussians: two classes of 1000 points, with covariance [[1, 0.9], [0.9, 1]]
  gaussians: () => scatter(2000, (part, [a, b]) => {
    const side = part < 0.5 ? -1 : 1;
    return [1.1 * side + a, -0.1 * side + 0.9 * a + Math.sqrt(1 - 0.81) * b];
  }),
  bow: () => scatter(1000, (part, [a, b]) => {
    const x = 4 * part - 2;
    return [x + 0.12 * a, 1.2 - 0.6 * x * x + 0.12 * b];
  }),
  spiral: () => scatter(1000, (part, [a, b]) => {
    const angle = 0.5 * Math.PI + 3 * Math.PI * Math.sqrt(part);
    const radius = 0.25 * angle;
    return [radius * Math.cos(angle) + 0.06 * a, radius * Math.sin(angle) + 0.06 * b];
  }),
  ring: () => scatter(1000, (part, [a, b]) => {
    const angle = 2 * Math.PI * part;
    return [2 * Math.cos(angle) + 0.1 * a, 2 * Math.sin(angle) + 0.1 * b];
  }),
  own: () => new Float64Array(0),
};
