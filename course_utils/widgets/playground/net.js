// An autoencoder of points in the plane that trains in the browser: dense layers and Adam, as in Keras.
// Arrays are made once, not in each step. A table's rows lie one after another.

/** Everything that trains, in one function: its text runs in a worker, too. */
function makeTraining() {
  const BATCH = 128;
  const SLICE = 33; // milliseconds that a worker trains before it tells what came of it
  const PACE = 0.04; // of the steps so far are made in one go: slowly at first, when most happens
  const [BETA_1, BETA_2, EPSILON] = [0.9, 0.999, 1e-7]; // of Adam (Kingma and Ba 2015), with the epsilon of Keras

  // Each goes through the first n values by itself: a call for each of them would be slow.
  const ACTIVATE = {
    linear() {},
    relu(values, n) {
      for (let i = 0; i < n; i++) values[i] = 0.5 * (values[i] + Math.abs(values[i])); // max(0, x) without a branch to guess wrong
    },
    elu(values, n) {
      for (let i = 0; i < n; i++) if (values[i] < 0) values[i] = Math.exp(values[i]) - 1;
    },
    tanh(values, n) {
      for (let i = 0; i < n; i++) values[i] = 1 - 2 / (Math.exp(2 * values[i]) + 1);
    },
  };
  // The chain rule: multiply slopes by that of the activation, which its values tell.
  const CHAIN = {
    linear() {},
    relu(slopes, values, n) {
      for (let i = 0; i < n; i++) slopes[i] *= Math.ceil(values[i] / (values[i] + 1)); // 0 at 0, else 1
    },
    elu(slopes, values, n) {
      for (let i = 0; i < n; i++) if (values[i] < 0) slopes[i] *= values[i] + 1;
    },
    tanh(slopes, values, n) {
      for (let i = 0; i < n; i++) slopes[i] *= 1 - values[i] * values[i];
    },
  };

  /** Numbers from 0 to 1, the same for the same seed: mulberry32. */
  function makeRandom(seed) {
    const random = () => {
      const state = (random.state + 0x6d2b79f5) >>> 0;
      random.state = state;
      let bits = Math.imul(state ^ (state >>> 15), state | 1);
      bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
      return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
    };
    random.state = seed >>> 0;
    return random;
  }

  /**
   * Add the product of tables `a` (rows, inner) and `b` (inner, columns) to `c`, whose numbers begin at aAt, bAt, cAt. A step
   * along `a` is aRow or aColumn places, so that a table may also be read transposed. Two rows by four columns at a time
   * keep eight sums in registers, which halves the time; destructuring here would double it.
   */
  function addProduct(a, aAt, aRow, aColumn, b, bAt, bRow, bColumn, c, cAt, rows, inner, columns) {
    let m = 0;
    for (; m + 1 < rows; m += 2) {
      const first = cAt + m * columns, second = first + columns;
      let n = 0;
      for (; n + 3 < columns; n += 4) {
        let c00 = 0, c01 = 0, c02 = 0, c03 = 0, c10 = 0, c11 = 0, c12 = 0, c13 = 0;
        let i = aAt + m * aRow, j = bAt + n * bColumn;
        for (let k = 0; k < inner; k++, i += aColumn, j += bRow) {
          const x = a[i], y = a[i + aRow];
          const p = b[j], q = b[j + bColumn], r = b[j + 2 * bColumn], s = b[j + 3 * bColumn];
          c00 += x * p;
          c01 += x * q;
          c02 += x * r;
          c03 += x * s;
          c10 += y * p;
          c11 += y * q;
          c12 += y * r;
          c13 += y * s;
        }
        c[first + n] += c00;
        c[first + n + 1] += c01;
        c[first + n + 2] += c02;
        c[first + n + 3] += c03;
        c[second + n] += c10;
        c[second + n + 1] += c11;
        c[second + n + 2] += c12;
        c[second + n + 3] += c13;
      }
      for (; n < columns; n++) {
        let x = 0, y = 0;
        let i = aAt + m * aRow, j = bAt + n * bColumn;
        for (let k = 0; k < inner; k++, i += aColumn, j += bRow) {
          x += a[i] * b[j];
          y += a[i + aRow] * b[j];
        }
        c[first + n] += x;
        c[second + n] += y;
      }
    }
    for (; m < rows; m++)
      for (let n = 0; n < columns; n++) {
        let sum = c[cAt + m * columns + n];
        for (let k = 0; k < inner; k++) sum += a[aAt + m * aRow + k * aColumn] * b[bAt + k * bRow + n * bColumn];
        c[cAt + m * columns + n] = sum;
      }
  }

  /** Dense layers from `sizes[0]` to `sizes.at(-1)` numbers; `weights` holds kernel and bias of each, in Keras's order. */
  class Net {
    /** Kernels are drawn as by Keras's glorot_uniform, with `random`; biases are 0. */
    constructor(sizes, activations, random) {
      let at = 0;
      this.layers = activations.map((name, i) => {
        const [nIn, nOut] = [sizes[i], sizes[i + 1]];
        const layer = { nIn, nOut, kernel: at, bias: at + nIn * nOut, activate: ACTIVATE[name], chain: CHAIN[name] };
        at = layer.bias + nOut;
        return layer;
      });
      [this.weights, this.gradient, this.mean, this.square] = Array.from({ length: 4 }, () => new Float64Array(at));
      [this.values, this.slopes] = [0, 1].map(() => sizes.map((size) => new Float64Array(BATCH * size)));
      this.steps = 0;
      for (const { nIn, nOut, kernel, bias } of this.layers) {
        const limit = Math.sqrt(6 / (nIn + nOut));
        for (let k = kernel; k < bias; k++) this.weights[k] = limit * (2 * random() - 1);
      }
    }

    /** Take the first `count` rows of `values[first]` on to the outputs. */
    run(first, count) {
      for (let l = first; l < this.layers.length; l++) {
        const { nIn, nOut, kernel, bias, activate } = this.layers[l];
        const [from, to, weights] = [this.values[l], this.values[l + 1], this.weights];
        for (let i = 0; i < count * nOut; i += nOut) for (let o = 0; o < nOut; o++) to[i + o] = weights[bias + o];
        addProduct(from, 0, nIn, 1, weights, kernel, nOut, 1, to, 0, count, nIn, nOut);
        activate(to, count * nOut);
      }
    }

    /** One step of Adam on the first `count` rows of the inputs; return their mean squared error before it. */
    step(count, rate) {
      this.run(0, count);
      const [input, output, slopes] = [this.values[0], this.values.at(-1), this.slopes.at(-1)];
      let sum = 0;
      for (let i = 0; i < 2 * count; i++) {
        const difference = output[i] - input[i];
        sum += difference * difference;
        slopes[i] = difference / count; // of a mean over 2 x count squares
      }
      this.gradient.fill(0);
      for (let l = this.layers.length - 1; l >= 0; l--) this.goBack(l, count);
      this.adapt(rate);
      return sum / (2 * count);
    }

    /** From the loss's slopes along a layer's values to those along its weights, and along the values before it. */
    goBack(l, count) {
      const { nIn, nOut, kernel, bias, chain } = this.layers[l];
      const [before, after, slopes, gradient] = [this.values[l], this.values[l + 1], this.slopes[l + 1], this.gradient];
      chain(slopes, after, count * nOut);
      for (let i = 0; i < count * nOut; i += nOut) for (let o = 0; o < nOut; o++) gradient[bias + o] += slopes[i + o];
      addProduct(before, 0, 1, nIn, slopes, 0, nOut, 1, gradient, kernel, nIn, count, nOut);
      if (l === 0) return;
      this.slopes[l].fill(0);
      addProduct(slopes, 0, nOut, 1, this.weights, kernel, 1, nOut, this.slopes[l], 0, count, nOut, nIn);
    }

    adapt(rate) {
      const { weights, gradient, mean, square } = this;
      this.steps++;
      const size = (rate * Math.sqrt(1 - BETA_2 ** this.steps)) / (1 - BETA_1 ** this.steps);
      for (let k = 0; k < weights.length; k++) {
        const slope = gradient[k];
        mean[k] += (slope - mean[k]) * (1 - BETA_1);
        square[k] += (slope * slope - square[k]) * (1 - BETA_2);
        weights[k] -= (size * mean[k]) / (Math.sqrt(square[k]) + EPSILON);
      }
    }
  }

  /** An autoencoder with a code of one number, and its way through the points, epoch after epoch. */
  class Trainer {
    /** `hidden` layers of `units` in each half; `latent` is the code's activation. */
    constructor(points, settings) {
      const { hidden, units, activation, latent, seed } = settings;
      this.settings = settings;
      this.random = makeRandom(seed);
      const [half, names] = [Array(hidden).fill(units), Array(hidden).fill(activation)];
      this.net = new Net([2, ...half, 1, ...half, 2], [...names, latent, ...names, "linear"], this.random);
      this.inner = hidden + 1; // which of the net's values are the codes
      this.steps = this.epochs = 0;
      this.take(points);
    }

    /** Train on these points from now on (x0, y0, x1, y1, ...); an epoch begins anew. */
    take(points) {
      const n = points.length / 2;
      this.points = points;
      this.codes = new Float64Array(n);
      this.reconstruction = new Float64Array(2 * n);
      this.order = Int32Array.from({ length: n }, (_, i) => i);
      this.from = n; // where in this order the next batch begins; at its end the points are shuffled
    }

    shuffle() {
      const { order, random } = this;
      for (let i = order.length - 1; i > 0; i--) {
        const other = Math.floor(random() * (i + 1));
        const kept = order[i];
        order[i] = order[other];
        order[other] = kept;
      }
      this.from = 0;
    }

    /** One step on the next batch; return the batch's mean squared error before it. */
    step(rate) {
      const { net, points, order } = this;
      if (this.from === order.length) this.shuffle();
      const [input, count] = [net.values[0], Math.min(BATCH, order.length - this.from)];
      for (let s = 0; s < count; s++) {
        const point = order[this.from + s];
        input[2 * s] = points[2 * point];
        input[2 * s + 1] = points[2 * point + 1];
      }
      this.from += count;
      this.steps++;
      if (this.from === order.length) this.epochs++;
      return net.step(count, rate);
    }

    /** Steps for `time` milliseconds, at most PACE of those so far and one; return whether there was no time for all. */
    trainFor(time, rate) {
      const [end, goal] = [performance.now() + time, this.steps * (1 + PACE) + 1];
      do this.step(rate);
      while (this.steps + 1 <= goal && performance.now() < end);
      return this.steps + 1 <= goal;
    }

    /** All that the training goes on from, and what was measured last. */
    save() {
      const { net, steps, epochs, from, order, codes, reconstruction } = this;
      const { weights, mean, square } = net;
      return { steps, epochs, from, random: this.random.state, adam: net.steps, arrays: { weights, mean, square },
        rows: { order, codes, reconstruction } };
    }

    /** Go on from where a trainer with as many points and the same net was saved. */
    load({ steps, epochs, from, random, adam, arrays, rows }) {
      Object.assign(this, { steps, epochs, from });
      [this.random.state, this.net.steps] = [random, adam];
      for (const [name, values] of Object.entries(arrays)) this.net[name].set(values);
      for (const [name, values] of Object.entries(rows)) this[name].set(values);
    }

    /** Return the mean squared error over all points; leave their codes in `codes`, what becomes of them in `reconstruction`. */
    measure() {
      const { net, points, codes, reconstruction } = this;
      const [input, code, output] = [net.values[0], net.values[this.inner], net.values.at(-1)];
      let sum = 0;
      for (let from = 0; from < codes.length; from += BATCH) {
        const count = Math.min(BATCH, codes.length - from);
        for (let i = 0; i < 2 * count; i++) input[i] = points[2 * from + i];
        net.run(0, count);
        for (let s = 0; s < count; s++) codes[from + s] = code[s];
        for (let i = 0; i < 2 * count; i++) {
          reconstruction[2 * from + i] = output[i];
          sum += (output[i] - points[2 * from + i]) ** 2;
        }
      }
      return sum / points.length;
    }

    /** Decode BATCH codes, evenly spaced from `low` to `high`, into `curve` (x0, y0, x1, y1, ...). */
    decode(low, high, curve) {
      const [code, output] = [this.net.values[this.inner], this.net.values.at(-1)];
      for (let s = 0; s < BATCH; s++) code[s] = low + ((high - low) * s) / (BATCH - 1);
      this.net.run(this.inner, BATCH);
      for (let i = 0; i < 2 * BATCH; i++) curve[i] = output[i];
    }
  }

  /**
   * What a worker does: train from where the page was, with the points and the rate that it sends, and send what came of it.
   * It sends no more before the page has answered; meanwhile it trains on.
   */
  function serve() {
    let trainer, rate, edition; // of the points: how often the page has sent some
    let isAwaited = false;
    const { port1, port2 } = new MessageChannel(); // lets the page be heard; a timer would wait for 4 ms
    const train = () => {
      const begin = performance.now();
      const isBusy = trainer.trainFor(SLICE, rate);
      if (isAwaited) {
        const loss = trainer.measure();
        postMessage({ edition, loss, ...trainer.save() });
        isAwaited = false;
      }
      if (isBusy) port2.postMessage(null);
      else setTimeout(train, SLICE - (performance.now() - begin));
    };
    port1.onmessage = train;
    self.onmessage = ({ data }) => {
      isAwaited = true;
      rate = data.rate ?? rate;
      if (data.points) edition = data.edition;
      if (data.saved) {
        trainer = new Trainer(data.points, data.settings);
        trainer.load(data.saved);
        train();
      } else if (data.points?.length === trainer.points.length) trainer.points.set(data.points);
      else if (data.points) trainer.take(data.points);
    };
  }

  return { BATCH, makeRandom, Net, Trainer, serve };
}

const { BATCH, makeRandom, Net, Trainer } = makeTraining();
export { makeRandom, Net, Trainer };

let workerAddress = null;

/** Start a worker that trains; where a page forbids workers, return null. */
function startWorker() {
  workerAddress ??= URL.createObjectURL(new Blob([`(${makeTraining})().serve();`], { type: "text/javascript" }));
  try {
    return new Worker(workerAddress);
  } catch {
    return null;
  }
}
