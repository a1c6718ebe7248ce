/** What a person changed about the columns of a list; everything else follows the screen's own definition. */
export interface ColumnSettings {
  order: string[];
  hidden: string[];
  widths: Record<string, number>;
}

export interface ColumnBase {
  key: string;
  width: number;
  /** Always shown, never moved: the first and last column. */
  locked?: boolean;
  /** Hidden until asked for. */
  optional?: boolean;
}

export const MIN_WIDTH = 64;
export const MAX_WIDTH = 640;

export const unchanged = <C extends ColumnBase>(columns: readonly C[]): ColumnSettings => ({
  order: columns.map((c) => c.key),
  hidden: columns.filter((c) => c.optional && !c.locked).map((c) => c.key),
  widths: {},
});

/** Fit stored settings to today's columns: gone ones are dropped, new ones stand where the screen puts them. */
export function fit<C extends ColumnBase>(columns: readonly C[], stored: Partial<ColumnSettings> | null): ColumnSettings {
  const own = unchanged(columns);
  if (!stored?.order) return own;
  const known = new Set(own.order);
  const order = stored.order.filter((key) => known.has(key));
  own.order.forEach((key, place) => {
    if (!order.includes(key)) order.splice(Math.min(place, order.length), 0, key);
  });
  const fresh = new Set(own.order.filter((key) => !stored.order?.includes(key)));
  const hidden = [...(stored.hidden ?? []).filter((k) => known.has(k)), ...own.hidden.filter((k) => fresh.has(k))];
  const locked = new Set(columns.filter((c) => c.locked).map((c) => c.key));
  return { order, hidden: [...new Set(hidden)].filter((k) => !locked.has(k)), widths: stored.widths ?? {} };
}

/** The columns to draw: locked ones keep their edge, the rest in the person's order and width. */
export function arrange<C extends ColumnBase>(columns: readonly C[], settings: ColumnSettings): C[] {
  const byKey = new Map(columns.map((c) => [c.key, c]));
  const hidden = new Set(settings.hidden);
  const first = columns[0]?.locked ? [columns[0]] : [];
  const tail = columns.at(-1);
  const last = columns.length > 1 && tail?.locked ? [tail] : [];
  const edges = new Set([...first, ...last].map((c) => c.key));
  const middle = settings.order
    .filter((key) => !edges.has(key) && !hidden.has(key))
    .flatMap((key) => byKey.get(key) ?? []);
  return [...first, ...middle, ...last].map((c) => ({ ...c, width: settings.widths[c.key] ?? c.width }));
}

/** Put ``key`` before ``before`` (or last when null). */
export function move(settings: ColumnSettings, key: string, before: string | null): ColumnSettings {
  if (key === before) return settings;
  const order = settings.order.filter((k) => k !== key);
  const place = before === null ? order.length : order.indexOf(before);
  order.splice(place < 0 ? order.length : place, 0, key);
  return { ...settings, order };
}

export function show(settings: ColumnSettings, key: string, visible: boolean): ColumnSettings {
  const hidden = settings.hidden.filter((k) => k !== key);
  return { ...settings, hidden: visible ? hidden : [...hidden, key] };
}

export function resize(settings: ColumnSettings, key: string, width: number): ColumnSettings {
  const kept = Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)));
  return { ...settings, widths: { ...settings.widths, [key]: kept } };
}
