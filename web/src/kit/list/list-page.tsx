import { DownloadOutlined } from '@ant-design/icons';
import { Button, Skeleton, Tooltip } from 'antd';
import { useMemo, useRef, useState, type ReactNode } from 'react';
import { post } from '@api/http';
import { useApi, useMay, usePage } from '@api/queries';
import type { ActionAnswer, Counts, Page, Target } from '@api/shapes';
import { useAct } from '../act';
import { EmptyTeach, type EmptyTeachProps } from '../empty-teach';
import { usePhone } from '../phone';
import { usePreference } from '../preferences';
import { BatchBar } from './batch-bar';
import { Cards } from './cards';
import { ColumnPanel } from './column-panel';
import { arrange, fit, resize, type ColumnSettings } from './column-settings';
import { Failed } from './failed';
import { Grid } from './grid';
import { Pager } from './pager';
import { SearchBar } from './search-bar';
import { everything, flip, howMany, NOTHING, targetOf, type Selection } from './selection';
import { TabsBar } from './tabs-bar';
import type { BatchAction, FilterField, ListColumn, ListTab } from './types';
import { asQuery, toTab, without } from './url-state';
import { useCursor } from './use-cursor';
import { useListState } from './use-list-state';
import { rowsAfter, useRowKeys } from './use-row-keys';

export interface ListPageProps<Row> {
  /** Names this list in a person's preferences. */
  name: string;
  /** GET → Page<Row>; ``<path>/counts`` → Counts. */
  path: string;
  columns: readonly ListColumn<Row>[];
  idOf?: (row: Row) => string;
  fields?: readonly FilterField[];
  /** Fields shown before 展开. */
  quick?: number;
  tabs?: readonly ListTab[];
  /** Filters that lead across the tabs: a tab counts and shows without them. */
  tabDrops?: readonly string[];
  actions?: readonly BatchAction[];
  /** The list comes whole, without pages. */
  whole?: boolean;
  /** The drawer of the open row; after it the rows that follow in the list. */
  detail?: (id: string, close: () => void, following: readonly Row[]) => ReactNode;
  /** Sent with every request and not changeable here. */
  fixed?: Readonly<Record<string, string>>;
  /** The list's name at ``/api/lists/<name>/export``, or true: ``<path>/export`` takes {target, columns}. */
  exportable?: boolean | string;
  empty: EmptyTeachProps;
  /** One line above the grid, e.g. “其余 163 单无异常，已可派单”. */
  note?: ReactNode;
  /** Another such line, of what the list itself answered beside its rows. */
  said?: (answer: Page<Row>) => ReactNode;
  /** Beside the tabs, at the right. */
  tools?: ReactNode;
  rowTone?: (row: Row) => 'warn' | 'bad' | 'done' | undefined;
  /** How a row looks on a phone; without it the table scrolls sideways in its box. */
  card?: (row: Row, open: () => void) => ReactNode;
  /** Milliseconds between silent re-reads of rows and counts; without it only the counts are, and seldom. */
  every?: number;
}

const NO_FIELDS: readonly FilterField[] = [];
const NONE: readonly string[] = [];
const NO_FIXED: Readonly<Record<string, string>> = {};
const byId = (row: object) => String((row as { id?: unknown }).id);

/** The list screen: search, tabs with counts, grid, actions on the chosen, drawer; all of its state in the address. */
export function ListPage<Row extends object>(props: ListPageProps<Row>) {
  const { name, path, columns, idOf = byId, fields = NO_FIELDS, tabs, actions, detail, fixed = NO_FIXED, tabDrops = NONE } = props;
  const root = useRef<HTMLDivElement>(null);
  const [state, change] = useListState(tabs?.[0]?.key ?? '');
  const query = useMemo(() => asQuery(state, fixed), [state, fixed]);
  const signature = JSON.stringify([query, state.size]);
  const cursor = useCursor(signature);
  const page = usePage<Row>(path, query, cursor.at, props.whole ? null : state.size, props.every);
  const counts = useApi<Counts>(tabs ? `${path}/counts` : null, { ...without(state.filters, tabDrops), ...fixed }, { every: props.every ?? 15_000, keep: true });
  const [chosen, setChosen] = useState<{ of: string; selection: Selection }>({ of: signature, selection: NOTHING });
  const selection = chosen.of === signature ? chosen.selection : NOTHING;
  const select = (next: Selection) => setChosen({ of: signature, selection: next });
  const [stored, store] = usePreference<ColumnSettings>(`columns.${name}`);
  const settings = useMemo(() => fit(columns, stored), [columns, stored]);
  const drawn = useMemo(() => arrange(columns, settings), [columns, settings]);
  const phone = usePhone();
  const rows = page.data?.items ?? [];
  const said = page.data && props.said?.(page.data);
  const open = detail ? (id: string) => change({ open: id }) : undefined;
  const stood = useRef(0);
  const place = rows.findIndex((row) => idOf(row) === state.open);
  if (place >= 0) stood.current = place;
  useRowKeys(root, {
    ids: rows.map(idOf),
    open: state.open,
    onOpen: open,
    onClose: detail ? () => change({ open: '' }) : undefined,
    onFlip: actions ? (id) => select(flip(selection, id)) : undefined,
  });
  const { act, busy } = useAct();
  const mayExport = useMay('orders.export');
  const exportTo = typeof props.exportable === 'string' ? `/api/lists/${props.exportable}/export` : `${path}/export`;
  const total = page.data?.total ?? null;
  const filtered = Object.keys(state.filters).length > 0;
  const target: Target = howMany(selection) > 0 ? targetOf(selection, query) : { filter: query, except: [] };
  const exportRows = () =>
    act((key) => post<ActionAnswer>(exportTo, { target: typeof props.exportable === 'string' ? { filter: query } : target, columns: drawn.map((c) => c.key) }, { key }), { refresh: ['/api/tasks'] });
  const empty = filtered
    ? <EmptyTeach title="没有符合条件的记录" action={<Button onClick={() => change({ filters: {} })}>清除筛选</Button>} />
    : <EmptyTeach {...props.empty} />;
  return (
    <div className="k-list" ref={root}>
      {fields.length > 0 && <SearchBar name={name} fields={fields} quick={phone ? 1 : (props.quick ?? 4)} filters={state.filters} apply={(filters) => change({ filters, open: '' })} />}
      <div className="k-list-body">
        <div className="k-list-bar">
          {tabs && <TabsBar tabs={tabs} here={state.tab} counts={counts.data?.counts} go={(tab) => change(toTab(state, tab, tabDrops))} />}
          <div className="k-row k-list-tools">
            {props.tools}
            {props.exportable && mayExport && <Tooltip title="导出当前列表（按显示的列）"><Button type="text" icon={<DownloadOutlined />} loading={busy} aria-label="导出" onClick={() => void exportRows()} /></Tooltip>}
            {!phone && <ColumnPanel columns={columns} settings={settings} change={store} />}
          </div>
        </div>
        {props.note && <div className="k-list-note">{props.note}</div>}
        {said && <div className="k-list-note">{said}</div>}
        {page.isError ? <Failed error={page.error} retry={() => void page.refetch()} />
          : page.isPending ? <div className="k-list-wait"><Skeleton active title={false} paragraph={{ rows: 10, width: '100%' }} /></div>
          : phone && props.card ? <Cards rows={rows} idOf={idOf} card={props.card} open={open} empty={empty} />
          : (
            <Grid<Row>
              rows={rows}
              idOf={idOf}
              columns={drawn}
              loading={page.isPlaceholderData}
              empty={empty}
              sort={state.sort}
              onSort={(sort) => change({ sort })}
              {...(actions && { selection, onSelect: select })}
              {...(open && { onOpen: open })}
              {...(props.rowTone && { rowTone: props.rowTone })}
              onResize={(key, width) => store(resize(settings, key, width))}
            />
          )}
        <div className="k-list-foot">
          {actions && howMany(selection) > 0
            ? <BatchBar selection={selection} total={total} actions={actions} target={target} chooseAll={() => select(everything(total ?? 0))} clear={() => select(NOTHING)} />
            : <span />}
          {!props.whole && <Pager cursor={cursor} page={page.data} shown={rows.length} size={state.size} resize={(size) => change({ size })} />}
        </div>
      </div>
      {detail && state.open && detail(state.open, () => change({ open: '' }), rowsAfter(rows, idOf, state.open, stood.current))}
    </div>
  );
}
