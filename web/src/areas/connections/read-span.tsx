import { Button, DatePicker, Popover } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { TaskProgress, useLiveTasks } from '@kit/index';
import { useAsk } from './use-ask';

type Days = [Dayjs, Dayjs];
const DAY = 'YYYY-MM-DD';
const back = (days: number): Days => [dayjs().subtract(days - 1, 'day'), dayjs()];
const presets = [1, 3, 7, 30].map((n) => ({ label: n === 1 ? '今天' : `近 ${n} 天`, value: () => back(n) }));

/** How far the asked reading is, as long as the task list tells of it. */
function Going({ id }: { id: string }) {
  const task = useLiveTasks().find((t) => t.id === id);
  return task ? <TaskProgress task={task} /> : null;
}

/** Read a shop's orders and after-sales of some days again. */
export function ReadSpan({ id }: { id: string }) {
  const [days, setDays] = useState<Days>(() => back(3));
  const { asked, busy, ask } = useAsk(`/api/connections/${id}/read-span`);
  const read = () => ask({ since: days[0].format(DAY), until: days[1].format(DAY) });
  const box = (
    <div className="c-read">
      <div className="c-read-line">
        <DatePicker.RangePicker
          value={days}
          format="MM-DD"
          allowClear={false}
          presets={presets}
          disabledDate={(day) => day.isAfter(dayjs(), 'day')}
          onChange={(next) => next?.[0] && next[1] && setDays([next[0], next[1]])}
        />
        <Button type="primary" size="small" loading={busy} onClick={() => void read()}>补拉</Button>
      </div>
      <p className="k-faint k-small">这几天下单或有变化的订单、售后重新读一遍：已有的不会重复，新读到的待发货订单和平时一样往下走。</p>
      {asked && <Going id={asked.task} />}
    </div>
  );
  return <Popover trigger="click" content={box} destroyOnHidden><Button size="small">补拉</Button></Popover>;
}
