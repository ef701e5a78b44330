// Images as the course's figures show them: 0 is paper, 1 is ink, whatever the page's theme.

const [RED, BLUE] = [[178, 24, 43], [33, 102, 172]]; // of weights above and below zero, as in plotting.plot_components

const inInk = (value) => Array(3).fill(255 * (1 - Math.min(Math.max(value, 0), 1)));

/** White at zero, red above and blue below, both full at `limit`. */
const inRedAndBlue = (limit) => (value) => {
  const [color, part] = [value > 0 ? RED : BLUE, Math.min(Math.abs(value) / limit, 1)];
  return color.map((channel) => 255 + (channel - 255) * part);
};

/** Draw images of `width` x `height` pixels side by side in a canvas, `side` CSS pixels wide each and `gap` apart. */
function drawImages(canvas, images, [height, width], side, { gap = 0, colored = inInk } = {}) {
  const ratio = window.devicePixelRatio || 1;
  const scale = Math.max(1, Math.floor((side * ratio) / width)); // whole screen pixels to each
  const step = width * scale + Math.round(gap * ratio);
  const size = [step * images.length - (step - width * scale), height * scale];
  if (canvas.width !== size[0] || canvas.height !== size[1]) {
    [canvas.width, canvas.height] = size;
    [canvas.style.width, canvas.style.height] = size.map((length) => `${length / ratio}px`);
  }
  const small = new OffscreenCanvas(width, height);
  const [context, pixels] = [canvas.getContext("2d"), new ImageData(width, height)];
  context.imageSmoothingEnabled = false;
  images.forEach((image, i) => {
    for (let k = 0; k < image.length; k++) pixels.data.set([...colored(image[k]), 255], 4 * k);
    small.getContext("2d").putImageData(pixels, 0, 0);
    context.drawImage(small, i * step, 0, width * scale, height * scale);
  });
}
