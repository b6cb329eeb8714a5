/** Metres of ground seen across from one metre of height by a camera that looks straight down, by its angle across. */
export const swathOf = (angleDeg: number): number => Math.round(2 * Math.tan((angleDeg / 2) * (Math.PI / 180)) * 1000) / 1000;
