import { w } from "@shared/terms";

/** `12.3 公里`, or metres below one kilometre. */
export const lengthText = (metres: number): string => (metres < 1000 ? w(`${Math.round(metres)} 米`, `${Math.round(metres)} m`) : w(`${(metres / 1000).toFixed(1)} 公里`, `${(metres / 1000).toFixed(1)} km`));

/** `1 小时 5 分`, never 0 of something. */
export function minutesText(minutes: number): string {
  const whole = Math.ceil(minutes);
  if (whole < 60) return w(`${whole} 分钟`, `${whole} min`);
  return w(`${Math.floor(whole / 60)} 小时 ${whole % 60} 分`, `${Math.floor(whole / 60)} h ${whole % 60} min`);
}

/** Hectares from one on, square metres below. */
export const areaText = (squareMetres: number): string => (squareMetres < 10_000 ? w(`${Math.round(squareMetres)} 平方米`, `${Math.round(squareMetres)} m²`) : w(`${(squareMetres / 10_000).toFixed(1)} 公顷`, `${(squareMetres / 10_000).toFixed(1)} ha`));

/** 100 only where nothing at all is missing. */
export const percentText = (percent: number): string => `${percent.toFixed(1)}%`;
