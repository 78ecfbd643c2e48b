import { grouped, type Sample } from "./results";

const WIDTH = 640;
const HEIGHT = 320;
const LEFT = 56;
const BOTTOM = 40;
const TOP = 34;
const RIGHT = 150;
const LINE_HEIGHT = 15;
const COLOURS = ["#1f6feb", "#d1242f", "#8250df", "#1a7f37", "#9a6700"];

/** How the time of one operation grows with the number of resources, a line for each side, as a picture of its own. */
export function growthPlot(title: string, samples: readonly Sample[]): string {
  const mostSize = Math.max(1, ...samples.map(({ size }) => size));
  const mostSeconds = Math.max(1, ...samples.map(({ seconds }) => seconds));
  const x = (size: number): number => LEFT + (size / mostSize) * (WIDTH - LEFT - RIGHT);
  const y = (seconds: number): number => HEIGHT - BOTTOM - (seconds / mostSeconds) * (HEIGHT - BOTTOM - TOP);
  const sizes = [...new Set(samples.map(({ size }) => size))].sort((a, b) => a - b);
  const steps = [0, 0.25, 0.5, 0.75, 1].map((share) => share * mostSeconds);
  const sides = [...grouped(samples, ({ side }) => side)].map(([side, group], index) => {
    const points = [...group].sort((a, b) => a.size - b.size);
    return { side, points, colour: COLOURS[index % COLOURS.length] ?? "#000" };
  });
  const lines = sides.map(({ points, colour }) => {
    const places = points.map(({ size, seconds }) => `${x(size).toFixed(1)},${y(seconds).toFixed(1)}`);
    const dots = places.map((place) => `<circle cx="${place.replace(",", '" cy="')}" r="3" fill="${colour}"/>`);
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${places.join(" ")}"/>${dots.join("")}`;
  });
  // From below, so that two lines that end at the same height do not write over each other.
  let lowest = HEIGHT;
  const labels = sides
    .flatMap(({ side, points, colour }) => {
      const last = points.at(-1);
      return last === undefined ? [] : [{ side, colour, last }];
    })
    .sort((a, b) => a.last.seconds - b.last.seconds)
    .map(({ side, colour, last }) => {
      lowest = Math.min(y(last.seconds) + 4, lowest - LINE_HEIGHT);
      return `<text x="${(x(last.size) + 8).toFixed(1)}" y="${lowest.toFixed(1)}" fill="${colour}">${side} ${last.seconds.toFixed(1)} s</text>`;
    });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="20" font-size="14">${title}</text>`,
    ...steps.map(
      (seconds) =>
        `<path d="M${LEFT} ${y(seconds).toFixed(1)}H${WIDTH - RIGHT}" stroke="#ddd"/><text x="${LEFT - 6}" y="${(y(seconds) + 4).toFixed(1)}" text-anchor="end">${seconds.toFixed(0)} s</text>`,
    ),
    ...sizes.map(
      (size) => `<text x="${x(size).toFixed(1)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${size}</text>`,
    ),
    ...lines,
    ...labels,
    "</svg>",
    "",
  ].join("\n");
}
