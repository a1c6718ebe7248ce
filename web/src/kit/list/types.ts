import type { ReactNode } from 'react';
import type { ActionAnswer, Target } from '@api/shapes';
import type { ColumnBase } from './column-settings';

export interface RowContext {
  /** Open this row's drawer. */
  open: () => void;
}

export interface ListColumn<Row> extends ColumnBase {
  title: string;
  /** At most two lines of text. Define columns outside the component: cells are drawn again only when their row changes. */
  render: (row: Row, context: RowContext) => ReactNode;
  align?: 'left' | 'right';
  /** The word the API sorts by; true: the column's key. */
  sort?: boolean | string;
  /** Explains the column's title on hover. */
  hint?: string;
}

export interface Option {
  value: string;
  label: string;
}

interface FieldBase {
  name: string;
  label: string;
}

/** One field of the search bar. Empty fields are not sent. */
export type FilterField =
  | (FieldBase & { kind: 'text'; hint?: string })
  /** Up to 500 pasted numbers, sent joined by commas. */
  | (FieldBase & { kind: 'numbers'; hint?: string })
  | (FieldBase & { kind: 'select'; options: readonly Option[]; many?: boolean })
  /** Options read from a list: GET path → {items}, of which value and label are taken. */
  | (FieldBase & { kind: 'source'; path: string; value?: string; text?: string; many?: boolean })
  /** Two Beijing days, sent as ``<name>_from`` and ``<name>_to``. */
  | (FieldBase & { kind: 'dates' })
  /** Two amounts, sent as ``<name>_min_fen`` and ``<name>_max_fen``. */
  | (FieldBase & { kind: 'money' })
  /** Name or phone: never put in an address; POST {text} → {token} and only the token is sent. */
  | (FieldBase & { kind: 'private'; path: string; hint?: string });

export interface ListTab {
  key: string;
  label: string;
}

export interface BatchAction {
  key: string;
  /** A verb. */
  label: string;
  /** Act at once on the chosen rows … */
  run?: (target: Target, key: string) => Promise<ActionAnswer | void>;
  /** … or ask first: open an own drawer with them. */
  ask?: (target: Target, howMany: number) => void;
  confirm?: (howMany: number) => string;
  primary?: boolean;
  /** What it does to the chosen rows, on hover: where the label alone leaves that open. */
  hint?: string;
  /** Rare ones go under 更多操作. */
  more?: boolean;
  /** Needs this permission. */
  may?: string;
}
