/** Places in the timeline, as the site writes them: `<milliseconds>.<p, i or r><id>`, in the order of newest first. */

const CURSOR = /^(\d{1,15})\.([pir])(\d{1,15})$/;

function parts(cursor: string): [number, string, number] {
  const [, time, kind, id] = CURSOR.exec(cursor) ?? ["", "0", "", "0"];
  return [Number(time), kind ?? "", Number(id)];
}

/** Whether `one` stands above `other`, that is: is newer. */
export function isAbove(one: string, other: string): boolean {
  const [time, kind, id] = parts(one);
  const [otherTime, otherKind, otherId] = parts(other);
  if (time !== otherTime) return time > otherTime;
  return kind !== otherKind ? kind > otherKind : id > otherId;
}
