import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import type { Page } from '@api/shapes';
import { count } from '../format';
import { SIZES } from './url-state';
import type { Cursor } from './use-cursor';

/** How many there are, which page this is, and on. */
export function Pager({ cursor, page, shown, size, resize }: {
  cursor: Cursor; page: Page<unknown> | undefined; shown: number; size: number; resize: (size: number) => void;
}) {
  const next = page?.next_cursor ?? null;
  const from = (cursor.page - 1) * size + (shown > 0 ? 1 : 0);
  return (
    <div className="k-pager k-digits">
      {page && page.total !== null && <span>共 {count(page.total)} 条</span>}
      {page && (next || cursor.page > 1) && <span className="k-faint">第 {count(from)}–{count(from + Math.max(0, shown - 1))} 条</span>}
      <Button size="small" icon={<LeftOutlined />} aria-label="上一页" disabled={cursor.page === 1} onClick={cursor.back} />
      <Button size="small" icon={<RightOutlined />} aria-label="下一页" disabled={!next} onClick={() => next && cursor.forward(next)} />
      <Select size="small" variant="borderless" aria-label="每页条数" value={size} onChange={resize} options={SIZES.map((s) => ({ value: s, label: `${s} 条/页` }))} />
    </div>
  );
}
