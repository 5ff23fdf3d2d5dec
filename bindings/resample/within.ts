import { InputError } from "../errors";
import { neighborsOf } from "./crosswise";
import type { Within } from "./kin";

/**
 * `within: sameGroup`: a row leans only on rows of its class that have its value in the `group` column, as many as there are up to k. Rows that are alone in their group are
 * copied, with a note. Groups may be small, so rows are compared by the statistics of all data.
 */
export const sameGroup: Within = {
  name: "sameGroup",
  async lean(scene, k, options, bases) {
    const { data, rows, name, note } = scene;
    const column = data.schema.columns.find(({ role }) => role === "group");
    if (!column) throw new InputError("OPTION", "within is sameGroup, but no column tells the groups; name it in table(…, { group }).");
    const groups = new Map<unknown, { readonly members: number[]; readonly asked: number[] }>();
    const groupOf = (row: number): { readonly members: number[]; readonly asked: number[] } => {
      const cell = data.carried[column.place]![row];
      const key = cell instanceof Date ? cell.getTime() : cell;
      const group = groups.get(key) ?? { members: [], asked: [] };
      groups.set(key, group);
      return group;
    };
    rows.forEach((row, place) => groupOf(row).members.push(place));
    bases.forEach((row, b) => groupOf(row).asked.push(b));
    const lists = new Uint32Array(2 * bases.length);
    const neighbors: number[] = [];
    let alone = 0;
    for (const { members, asked } of groups.values()) {
      const most = Math.min(k, members.length - 1);
      const queries = Uint32Array.from(asked, (b) => bases[b]!);
      const reference = Uint32Array.from(members, (place) => rows[place]!);
      const near =
        asked.length && most
          ? (await neighborsOf(scene, queries, reference, most, options, scene.statistics())).indices
          : Uint32Array.of(0);
      if (!most) alone += asked.length;
      // a row alone leans on itself
      asked.forEach((b, t) => lists.set([neighbors.length + t * most, most || 1], 2 * b));
      for (const place of near) neighbors.push(members[place]!);
    }
    if (alone) note(`Class ${name} has ${alone} ${alone === 1 ? "row" : "rows"} without another of the same group; they were copied.`);
    return { neighbors: Uint32Array.from(neighbors), lists };
  },
};
