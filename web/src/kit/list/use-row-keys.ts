import { useEffect, useRef, type RefObject } from 'react';
import { focusSearch, useKeys, type KeyBinding } from '../keys';

export interface RowKeys {
  ids: readonly string[];
  /** The open drawer's row; J and K then carry the drawer along. */
  open: string;
  onOpen?: ((id: string) => void) | undefined;
  onClose?: (() => void) | undefined;
  onFlip?: ((id: string) => void) | undefined;
}

const ROW = 'tr[data-row-key]';

/** The row after moving by so many; the first one when none is active yet. Of one that left the list, ``stood`` is where
 * it was: what came after it has moved there. */
export function rowAfter(ids: readonly string[], active: string, by: number, stood = -1): string | undefined {
  const place = ids.indexOf(active);
  const next = place >= 0 ? place + by : stood < 0 ? 0 : stood + (by > 0 ? by - 1 : by);
  return ids[Math.min(ids.length - 1, Math.max(0, next))];
}

/** The rows that follow one, in the order of the list, then those before it. */
export function rowsAfter<Row>(rows: readonly Row[], idOf: (row: Row) => string, active: string, stood: number): Row[] {
  const place = rows.findIndex((row) => idOf(row) === active);
  const from = place >= 0 ? place + 1 : Math.max(0, stood);
  return [...rows.slice(from), ...rows.slice(0, place >= 0 ? place : from)];
}

/** ↑↓ (J/K) move the focus from row to row, Space (X) selects, Enter (O) opens, Esc closes, / searches. One row of the
 * list can be reached by Tab; the active one is marked without drawing the table again. */
export function useRowKeys(root: RefObject<HTMLElement | null>, { ids, open, onOpen, onClose, onFlip }: RowKeys): void {
  const active = useRef<string>('');
  const stood = useRef(-1);
  const mark = () => {
    const rows = [...(root.current?.querySelectorAll<HTMLElement>(ROW) ?? [])];
    const at = rows.find((tr) => tr.dataset['rowKey'] === active.current);
    for (const tr of rows) {
      tr.toggleAttribute('data-active', tr === at);
      tr.tabIndex = tr === (at ?? rows[0]) ? 0 : -1;
    }
    return at;
  };
  useEffect(() => {
    if (open) active.current = open;
    const place = ids.indexOf(active.current);
    if (place >= 0) stood.current = place;
    mark();
  });
  useEffect(() => {
    const box = root.current;
    const onFocus = (event: FocusEvent) => {
      const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>(ROW) : null;
      const key = row?.dataset['rowKey'];
      if (key === undefined || key === active.current) return;
      active.current = key;
      mark();
    };
    box?.addEventListener('focusin', onFocus);
    return () => box?.removeEventListener('focusin', onFocus);
  }, []);
  const step = (by: number) => {
    const next = rowAfter(ids, active.current, by, stood.current);
    if (next === undefined) return;
    active.current = next;
    const row = mark();
    row?.scrollIntoView({ block: 'nearest' });
    // With a drawer open its own focus stays where it is.
    if (!open) row?.focus({ preventScroll: true });
    else if (next !== open) onOpen?.(next);
  };
  const bindings: KeyBinding[] = [
    { key: 'ArrowDown', also: ['j'], label: '下一行', run: () => step(1) },
    { key: 'ArrowUp', also: ['k'], label: '上一行', run: () => step(-1) },
    { key: '/', also: ['Ctrl f'], label: '到搜索框', run: focusSearch },
  ];
  if (onFlip) bindings.push({ key: ' ', also: ['x'], label: '选中这一行', run: () => active.current && onFlip(active.current) });
  if (onOpen) bindings.push({ key: 'Enter', also: ['o'], label: '打开这一行', run: () => active.current && onOpen(active.current) });
  if (open && onClose) bindings.push({ key: 'Escape', label: '关闭右侧的详情', run: onClose });
  useKeys(bindings);
}
