// Encoder and decoder in the browser: dense layers and their activations, as in Keras.

export function erf(x) {
  // The series of positive terms e^(-x²) Σ (2x²)ⁿ x / (2n+1)!!: nothing cancels, so all digits are right.
  if (Math.abs(x) > 5.9) return Math.sign(x);
  let term = x, sum = x;
  for (let n = 1; Math.abs(term) > 1e-16 * Math.abs(sum); n++) sum += term *= (2 * x * x) / (2 * n + 1);
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const ACTIVATIONS = {
  linear: (x) => x,
  relu: (x) => (x > 0 ? x : 0),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  tanh: Math.tanh,
  sigmoid,
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  silu: (x) => x * sigmoid(x),
};

// values (n) times kernel (n, m) plus bias (m). Four rows at a time halve the time of one row at a time, because
// the sums are read and written a quarter as often.
function affine(values, kernel, bias) {
  const [n, m, sums] = [values.length, bias.length, new Float64Array(bias)];
  let i = 0;
  for (; i + 3 < n; i += 4) {
    const [a, b, c, d] = [values[i], values[i + 1], values[i + 2], values[i + 3]];
    for (let j = 0, k = i * m; j < m; j++, k++)
      sums[j] += a * kernel[k] + b * kernel[k + m] + c * kernel[k + 2 * m] + d * kernel[k + 3 * m];
  }
  for (; i < n; i++) for (let j = 0; j < m; j++) sums[j] += values[i] * kernel[i * m + j];
  return sums;
}

/** The net whose layers layers.py has packed into `bytes`: an array of numbers -> Float32Array. */
export function makeNet(bytes, layers) {
  let at = bytes.byteOffset;
  const take = (Type, n) => {
    at += n * Type.BYTES_PER_ELEMENT;
    return new Type(bytes.buffer.slice(at - n * Type.BYTES_PER_ELEMENT, at));
  };
  const chain = layers.map(([nIn, nOut, name]) => {
    const [steps, scale, bias] = [take(Int8Array, nIn * nOut), take(Float32Array, nOut), take(Float32Array, nOut)];
    return [Float32Array.from(steps, (step, k) => step * scale[k % nOut]), bias, ACTIVATIONS[name]];
  });
  return (numbers) => {
    let values = numbers;
    for (const [kernel, bias, activation] of chain) {
      const sums = affine(values, kernel, bias);
      values = new Float32Array(sums.length);
      for (let j = 0; j < sums.length; j++) values[j] = activation(sums[j]);
    }
    return values;
  };
}
