import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";

export type MapTheme = "dark" | "light";

interface Paint { ground: string; district: string; foreign: string; line: string; label: string; halo: string; source: string; sourceKey: string }

const PAINT: Record<MapTheme, Paint> = {
  dark: {
    ground: "#071426", district: "#0f2d52", foreign: "#0a1a30", line: "#3f7fb8", label: "#cfe4ff", halo: "#071426",
    source: "#6f8fb3", sourceKey: "#f0e442",
  },
  light: {
    ground: "#eef2f6", district: "#ffffff", foreign: "#f3f6f9", line: "#7a93ad", label: "#2b3f55", halo: "#ffffff",
    source: "#8697a8", sourceKey: "#a36b00",
  },
};

export const POINT_SOURCES = ["sources", "clues", "tasks", "problems", "officers", "carriers"] as const;
export type PointSource = (typeof POINT_SOURCES)[number];

const isForeign: ExpressionSpecification = ["==", ["get", "isOwn"], false];
const none = { type: "FeatureCollection" as const, features: [] };

/** Sizes of what is written on the map, in pixels where a rem has sixteen. */
const AREA_TEXT = 19;
const NAME_TEXT = 14;

/** How large what is written and drawn has to be where a rem has so many sixteens of a pixel: on a wall, not on a phone. */
export function sizesAt(scale: number): [layer: string, property: "text-size" | "icon-size", value: number | ExpressionSpecification][] {
  return [
    ["area-labels", "text-size", AREA_TEXT * scale],
    ...(["clues", "tasks", "problems", "officers", "carriers"] as const).flatMap((name) => [
      [name, "text-size", NAME_TEXT * scale] as [string, "text-size", number],
      [name, "icon-size", ["interpolate", ["linear"], ["zoom"], 8, 0.95 * scale, 12, 1.25 * scale]] as [string, "icon-size", ExpressionSpecification],
    ]),
  ];
}

/** A plain ground and our own outlines: no tiles, no glyph server (labels are drawn with the fonts of this computer). */
export function mapStyle(theme: MapTheme): StyleSpecification {
  const paint = PAINT[theme];
  return {
    version: 8,
    sources: {
      areas: { type: "geojson", data: none },
      "area-labels": { type: "geojson", data: none },
      ...Object.fromEntries(POINT_SOURCES.map((name) => [name, { type: "geojson" as const, data: none }])),
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": paint.ground } },
      { id: "areas", type: "fill", source: "areas", paint: { "fill-color": ["case", isForeign, paint.foreign, paint.district] } },
      { id: "area-lines", type: "line", source: "areas", paint: { "line-color": paint.line, "line-width": ["case", isForeign, 0.7, 1.8] } },
      sourceDots(paint),
      areaLabels(paint),
      ...(["clues", "tasks", "problems", "officers", "carriers"] as const).map((name) => symbols(name, paint)),
    ],
  };
}

function sourceDots(paint: Paint): LayerSpecification {
  const isKey: ExpressionSpecification = ["==", ["get", "icon"], "source-key"];
  return {
    id: "sources",
    type: "circle",
    source: "sources",
    paint: {
      "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, ["case", isKey, 2, 1.2], 11, ["case", isKey, 3.2, 1.8], 15, ["case", isKey, 8, 6]],
      "circle-color": ["case", isKey, paint.sourceKey, paint.source],
      "circle-opacity": 0.75,
    },
  };
}

function areaLabels(paint: Paint): LayerSpecification {
  return {
    id: "area-labels",
    type: "symbol",
    source: "area-labels",
    layout: { "text-field": ["get", "name"], "text-size": AREA_TEXT, "text-letter-spacing": 0.15, "text-allow-overlap": true, "text-ignore-placement": true },
    paint: { "text-color": paint.label, "text-halo-color": paint.halo, "text-halo-width": 2, "text-opacity": ["case", isForeign, 0.4, 0.9] },
  };
}

function symbols(name: PointSource, paint: Paint): LayerSpecification {
  const isNamed = name === "officers" || name === "carriers";
  return {
    id: name,
    type: "symbol",
    source: name,
    layout: {
      "icon-image": ["get", "icon"],
      "icon-size": ["interpolate", ["linear"], ["zoom"], 8, 0.95, 12, 1.25],
      "icon-allow-overlap": true,
      ...(name === "carriers" ? { "icon-rotate": ["get", "course"], "icon-rotation-alignment": "map" as const } : {}),
      ...(isNamed
        ? { "text-field": ["get", "label"], "text-size": NAME_TEXT, "text-offset": [0, 1], "text-anchor": "top", "text-optional": true }
        : {}),
    },
    paint: { "text-color": paint.label, "text-halo-color": paint.halo, "text-halo-width": 1.5 },
  };
}

