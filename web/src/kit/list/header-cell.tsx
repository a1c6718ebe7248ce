import { useRef, type PointerEvent, type ThHTMLAttributes } from 'react';

export interface HeaderCellProps extends ThHTMLAttributes<HTMLTableCellElement> {
  'data-column'?: string;
  onResized?: (key: string, width: number) => void;
}

/** A header cell whose right edge can be pulled. */
export function HeaderCell({ onResized, children, ...rest }: HeaderCellProps) {
  const cell = useRef<HTMLTableCellElement>(null);
  const column = rest['data-column'];
  const pull = (event: PointerEvent<HTMLElement>) => {
    event.preventDefault();
    event.stopPropagation();
    const grip = event.currentTarget;
    const start = event.clientX;
    const width = cell.current?.offsetWidth ?? 0;
    grip.setPointerCapture(event.pointerId);
    grip.dataset['pulling'] = '';
    const end = (e: globalThis.PointerEvent) => {
      delete grip.dataset['pulling'];
      grip.removeEventListener('pointerup', end);
      if (column && e.clientX !== start) onResized?.(column, width + e.clientX - start);
    };
    grip.addEventListener('pointerup', end);
  };
  return (
    <th ref={cell} {...rest}>
      {children}
      {onResized && column && <i className="k-grip" onPointerDown={pull} onClick={(e) => e.stopPropagation()} />}
    </th>
  );
}
