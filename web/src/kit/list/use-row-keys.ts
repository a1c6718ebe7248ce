import { useEffect, useRef, type RefObject } from 'react';
import { focusSearch, useKeys, type KeyBinding } from '../keys';

export interface RowKeys {
  ids: readonly string[];
  /** The open drawer's row; J and K then carry the drawer along. */
  open: string;
  onOpen?: ((id: string) => void) | undefined;
  onFlip?: ((id: string) => void) | undefined;
}

/** J/K move, X selects, O or Enter opens, / searches. The active row is marked without drawing the table again. */
export function useRowKeys(root: RefObject<HTMLElement | null>, { ids, open, onOpen, onFlip }: RowKeys): void {
  const active = useRef<string>('');
  const mark = () => {
    root.current?.querySelectorAll('tr[data-active]').forEach((tr) => tr.removeAttribute('data-active'));
    const row = active.current ? root.current?.querySelector(`tr[data-row-key="${CSS.escape(active.current)}"]`) : null;
    row?.setAttribute('data-active', '');
    return row;
  };
  useEffect(() => {
    if (open) active.current = open;
    mark();
  });
  const step = (by: number) => {
    const place = ids.indexOf(active.current);
    const next = ids[place < 0 ? 0 : Math.min(ids.length - 1, Math.max(0, place + by))];
    if (next === undefined) return;
    active.current = next;
    mark()?.scrollIntoView({ block: 'nearest' });
    if (open && next !== open) onOpen?.(next);
  };
  const bindings: KeyBinding[] = [
    { key: 'j', label: '下一行', run: () => step(1) },
    { key: 'k', label: '上一行', run: () => step(-1) },
    { key: '/', label: '到搜索框', run: focusSearch },
  ];
  if (onFlip) bindings.push({ key: 'x', label: '选中这一行', run: () => active.current && onFlip(active.current) });
  if (onOpen) {
    const openActive = () => active.current && onOpen(active.current);
    bindings.push({ key: 'o', label: '打开这一行', run: openActive }, { key: 'Enter', label: '打开这一行', run: openActive });
  }
  useKeys(bindings);
}
