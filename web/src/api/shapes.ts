/** What the shell and the kit expect of the API; screens take their own types from the generated schema. */

export interface Page<Row> {
  items: Row[];
  next_cursor: string | null;
  /** Null where counting would be slower than the list itself. */
  total: number | null;
}

export interface Counts {
  counts: Record<string, number>;
}

export interface Me {
  signed_in: boolean;
  name: string;
  login: string;
  permissions: string[];
  company: { id: number; name: string } | null;
  companies: { id: number; name: string }[];
  /** Nobody exists yet: the first-run wizard makes the company and its owner. */
  first_run: boolean;
}

export interface PlatformCard {
  key: string;
  name: string;
  letter: string;
  colour: string;
}

export type StationKey = 'import' | 'holds' | 'dispatch' | 'tracking' | 'upload';

export interface Station {
  key: StationKey;
  count: number;
  done: boolean;
  /** At most two short facts, e.g. "3 单 2 小时内". */
  notes: string[];
}

export interface Stations {
  stations: Station[];
  deadline: { by: string; orders: number; at_risk_fen: number } | null;
  /** Orders whose deadline went by and that have not left. */
  late: number;
  /** Whether orders of today are here. */
  fed: boolean;
  importing: number;
  /** Waiting files with suppliers' numbers; no part of the import's count. */
  returns: number;
  /** Suppliers’ words about numbers that a person must look at. */
  doubtful: number;
  /** Parts of the counts: of the holds, of the dispatch. */
  unmatched: number;
  unsent: number;
  /** At no station, because nothing can be done today. */
  unconfirmed: number;
  no_parcel: number;
  waiting: { what: string; orders: number }[];
  /** Those of them in the tab 异常. */
  held: { what: string; orders: number }[];
  /** Of the upload: what a file can be made of, and what the platform has as shipped by another number. */
  to_download: number;
  shipped_there: number;
}

export type TaskState = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

export interface Task {
  id: string;
  kind: string;
  title: string;
  state: TaskState;
  done: number;
  total: number | null;
  message: string;
  succeeded: number | null;
  failed: number | null;
  /** Where its result is shown, inside the product. */
  result_to: string | null;
  /** What it made (or read, where it is an import); no path: no longer kept. */
  file: { name: string; path: string | null; asks_reason: boolean } | null;
  error_file: string | null;
  started_by: string;
  started_at: string;
  can_cancel: boolean;
}

/** What an acting POST may answer: a sentence, a way back, a task that goes on. */
export interface ActionAnswer {
  message?: string | null;
  undo?: string | null;
  task_id?: string | null;
}

/** What a deed on many orders answers besides: those that were left as they were. */
export interface BatchAnswer extends ActionAnswer {
  left?: readonly LeftOrder[];
}

/** An order that a deed left as it was. */
export interface LeftOrder {
  order_id: string;
  number: string;
  reason: string;
}

/** Which rows an action is for: named, or all that a filter finds except some. */
export type Target = { ids: string[] } | { filter: Record<string, string>; except: string[] };
