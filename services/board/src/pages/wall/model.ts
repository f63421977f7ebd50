// The wall as the page lays it out: groups in the order of the API, their tiles chosen, in pages.
import type { Schemas } from "@/api/client";

export type Wall = Schemas["WallRead"];
export type Tile = Schemas["WallProject"];
export type Colour = Schemas["Colour"];
export type Totals = Schemas["LightTotals"];

export const COLOURS: readonly Colour[] = ["red", "yellow", "green", "paused", "none"];
export const OVERALL = "overall";

/** A group as it hangs: which of its tiles are chosen. */
interface Hung {
  id: string;
  name: string;
  totals: Totals;
  tiles: Tile[];
}

/** A part of a group on a page; of a group that began on the page before, the rest. */
export interface Piece extends Hung {
  isRest: boolean;
}

export interface Choice {
  axis: string; // or the overall light
  colours: readonly string[]; // none chosen: all
  group: string | null; // none chosen: all
}

/** The colour of a tile on the axis that is looked at. */
export function colourOf(tile: Tile, axis: string): Colour {
  return axis === OVERALL ? tile.overall : (tile.axes[axis] ?? "none");
}

/** How many have a colour on the axis that is looked at; undefined where the API does not count it. */
export function countOf(totals: Totals, axis: string, colour: Colour): number | undefined {
  return (axis === OVERALL ? totals.overall : totals.axes[axis])?.[colour];
}

/** Why a tile has its colour on the axis that is looked at. */
export function reasonOf(tile: Tile, axis: string): string {
  return axis === OVERALL ? tile.reason : (tile.details[axis]?.text ?? "");
}

/** Since when: of the overall light, or of an axis. */
export function sinceOf(tile: Tile, axis: string): { since?: string | null | undefined; or_earlier: boolean } {
  return axis === OVERALL ? tile : (tile.details[axis] ?? { or_earlier: false });
}

/** The groups with the tiles that are chosen; those without any are left out. */
export function hang(wall: Wall, choice: Choice): Hung[] {
  const tiles = new Map(wall.projects.map((tile) => [tile.project_id, tile]));
  const rank = new Map(["red", "yellow", "paused", "green", "none"].map((colour, place) => [colour, place]));
  const place = (tile: Tile) => rank.get(colourOf(tile, choice.axis)) ?? 0;
  return wall.groups
    .filter((group) => choice.group === null || group.id === choice.group)
    .map((group) => {
      const own = group.project_ids.flatMap((id) => tiles.get(id) ?? []);
      const chosen = own.filter((tile) => !choice.colours.length || choice.colours.includes(colourOf(tile, choice.axis)));
      if (choice.axis !== OVERALL) chosen.sort((one, other) => place(one) - place(other));
      return { id: group.id, name: group.name, totals: group.totals, tiles: chosen };
    })
    .filter((group) => group.tiles.length > 0);
}

export interface Format {
  columns: number; // of a page
  lines: number; // of a column
  headLines: number; // that the heading of a group takes
  tileLines: number; // that a tile takes
}

/** A page: columns of groups and parts of groups. */
export type WallPage = Piece[][];

/** Groups laid out in pages: no column is longer than the format, no heading stands alone. */
export function paginate(groups: readonly Hung[], format: Format): WallPage[] {
  const columns: Piece[][] = [];
  let left = 0;
  for (const group of groups) {
    let rest = group.tiles;
    while (rest.length) {
      if (left < format.headLines + format.tileLines) {
        columns.push([]);
        left = format.lines;
      }
      const here = rest.slice(0, Math.floor((left - format.headLines) / format.tileLines));
      columns.at(-1)?.push({ ...group, tiles: here, isRest: rest !== group.tiles });
      left -= format.headLines + here.length * format.tileLines;
      rest = rest.slice(here.length);
    }
  }
  const starts = columns.flatMap((_, place) => (place % format.columns ? [] : [place]));
  return starts.map((start) => columns.slice(start, start + format.columns));
}
