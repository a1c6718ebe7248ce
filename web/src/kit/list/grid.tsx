import { Table, type TableProps } from 'antd';
import { useEffect, useMemo, useRef, type MouseEvent, type ReactNode, type RefObject } from 'react';
import { HeaderCell, type HeaderCellProps } from './header-cell';
import { isChosen, setPage, type Selection } from './selection';
import { nextSort } from './url-state';
import type { ListColumn } from './types';
import { useSize } from './use-size';

const HEAD = 36;
const TICK = 38;
const COMPONENTS = { header: { cell: HeaderCell } };

export interface GridProps<Row> {
  rows: readonly Row[];
  idOf: (row: Row) => string;
  columns: readonly ListColumn<Row>[];
  loading: boolean;
  empty: ReactNode;
  sort?: string;
  onSort?: (sort: string) => void;
  selection?: Selection;
  onSelect?: (selection: Selection) => void;
  onOpen?: (id: string) => void;
  onResize?: (key: string, width: number) => void;
  rowTone?: (row: Row) => 'warn' | 'bad' | 'done' | undefined;
}

const sortWord = <Row,>(column: ListColumn<Row>) => (column.sort === true ? column.key : column.sort || '');

function head<Row>(column: ListColumn<Row>, { sort = '', onSort, onResize }: GridProps<Row>): HeaderCellProps {
  const word = sortWord(column);
  return {
    'data-column': column.key,
    ...(onResize && !column.locked && { onResized: onResize }),
    ...(word && onSort && { onClick: () => onSort(nextSort(sort, word)), className: 'k-sortable' }),
    ...(word && { 'aria-sort': sort === word ? 'ascending' : sort === `-${word}` ? 'descending' : 'none' }),
  };
}

const onControl = (event: MouseEvent) =>
  event.target instanceof Element && event.target.closest('button, a, input, label, [data-no-open], .ant-table-selection-column') !== null;

function tableColumns<Row>(latest: RefObject<GridProps<Row>>, drawn: RefObject<unknown>): TableProps<Row>['columns'] {
  const { columns, sort = '' } = latest.current;
  return columns.map((column, i) => {
    const word = sortWord(column);
    const arrow = word && sort === word ? ' ↑' : word && sort === `-${word}` ? ' ↓' : '';
    return {
      key: column.key,
      width: column.width,
      ellipsis: { showTitle: false },
      title: <span title={column.hint}>{column.title}{arrow && <b className="k-accent">{arrow}</b>}</span>,
      align: column.align === 'right' ? 'end' : 'start',
      ...(column.locked && i === 0 && { fixed: 'start' as const }),
      ...(column.locked && i > 0 && i === columns.length - 1 && { fixed: 'end' as const }),
      onHeaderCell: () => head(column, latest.current),
      render: (_: unknown, row: Row) => column.render(row, { open: () => latest.current.onOpen?.(latest.current.idOf(row)) }),
      shouldCellUpdate: (row: Row, before: Row) => row !== before || drawn.current !== columns,
    };
  });
}

/** Zone two: rows in sticky columns; the table fills its box and scrolls inside it. */
export function Grid<Row extends object>(props: GridProps<Row>) {
  const { rows, idOf, columns, loading, empty, selection, onSelect, onOpen, sort, rowTone } = props;
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const drawn = useRef<unknown>(null);
  const latest = useRef(props);
  latest.current = props;
  const made = useMemo(() => tableColumns(latest, drawn), [columns, sort]);
  useEffect(() => { drawn.current = columns; }, [columns]);
  const wanted = columns.reduce((sum, c) => sum + c.width, selection ? TICK : 0);
  const page = rows.map(idOf);
  return (
    <div className="k-grid" ref={box}>
      {height > 0 && (
        <Table<Row>
          size="small"
          tableLayout="fixed"
          rowKey={idOf}
          dataSource={rows as Row[]}
          {...(made && { columns: made })}
          components={COMPONENTS}
          pagination={false}
          loading={loading && rows.length > 0}
          locale={{ emptyText: empty }}
          scroll={{ y: Math.max(120, height - HEAD), ...(rows.length > 0 && wanted > width && { x: wanted }) }}
          rowClassName={(row) => `k-tr ${rowTone?.(row) ? `k-tr-${rowTone(row)}` : ''}`}
          onRow={(row) => ({
            onClick: (event) => {
              if (onOpen && !onControl(event) && !window.getSelection()?.toString()) onOpen(idOf(row));
            },
          })}
          {...(selection && onSelect && {
            rowSelection: {
              columnWidth: TICK,
              fixed: true,
              selectedRowKeys: page.filter((id) => isChosen(selection, id)),
              onChange: (keys) => onSelect(setPage(selection, page, keys.map(String))),
            },
          })}
        />
      )}
    </div>
  );
}
