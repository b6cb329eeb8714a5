import type { Feature, FeatureCollection, Position } from "geojson";
import { COLOURS } from "../ui/marks";

/** How the flights of one battery look: a colour, and a dash pattern for those who do not see the colour. */
export interface FlightStyle { colour: string; dashes: [number, ...number[]] | null }

export const FLIGHT_STYLES: FlightStyle[] = [
  { colour: COLOURS.blue, dashes: null },
  { colour: COLOURS.vermilion, dashes: [4, 1.5] },
  { colour: COLOURS.green, dashes: [1.2, 1.2] },
  { colour: "#8b3f78", dashes: [6, 1.5, 1.2, 1.5] },
  { colour: "#8a5a00", dashes: [2.5, 1] },
  { colour: "#1c2a3a", dashes: [8, 2.5] },
];

/** The style of the flight with this index; after the last the first comes again, so that neighbours always differ. */
export const flightStyle = (index: number): FlightStyle => FLIGHT_STYLES[index % FLIGHT_STYLES.length]!;

export interface DrawnFlight { steps: Position[]; is_at_work: boolean[] }

/**
 * What of the flights is drawn: the legs at work, the ways between them, the places that are photographed (a leg at work
 * of no length), and where it begins. `style` is the index of the flight's style.
 */
export function flightFeatures(flights: DrawnFlight[], label: (index: number) => string): FeatureCollection {
  const features: Feature[] = [];
  flights.forEach((flight, index) => {
    const put = (part: string, geometry: Feature["geometry"]): void => {
      features.push({ type: "Feature", geometry, properties: { part, style: index % FLIGHT_STYLES.length, label: label(index) } });
    };
    const lanes: Position[][] = [];
    const ways: Position[][] = [];
    flight.is_at_work.forEach((isAtWork, place) => {
      const [from, to] = [flight.steps[place]!, flight.steps[place + 1]!];
      if (from[0] === to[0] && from[1] === to[1]) {
        if (isAtWork) put("photo", { type: "Point", coordinates: from });
      } else (isAtWork ? lanes : ways).push([from, to]);
    });
    put("way", { type: "MultiLineString", coordinates: ways });
    put("lane", { type: "MultiLineString", coordinates: lanes });
    const first = lanes[0]?.[0];
    if (first) put("start", { type: "Point", coordinates: first });
  });
  const home = flights[0]?.steps[0];
  if (home) features.push({ type: "Feature", geometry: { type: "Point", coordinates: home }, properties: { part: "home" } });
  return { type: "FeatureCollection", features };
}
