import { HolderOutlined, SettingOutlined } from '@ant-design/icons';
import { App, Button, Checkbox, Popover } from 'antd';
import { useState } from 'react';
import { move, show, type ColumnBase, type ColumnSettings } from './column-settings';

interface Props {
  columns: readonly (ColumnBase & { title: string })[];
  settings: ColumnSettings;
  change: (settings: ColumnSettings | null) => void;
}

function Rows({ columns, settings, change }: Props) {
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const titles = new Map(columns.filter((c) => !c.locked).map((c) => [c.key, c.title]));
  return settings.order
    .filter((key) => titles.has(key))
    .map((key) => (
      <div
        key={key}
        draggable
        className={over === key ? 'k-column-row k-over' : 'k-column-row'}
        onDragStart={(e) => { e.dataTransfer.effectAllowed = 'move'; setDragged(key); }}
        onDragOver={(e) => { e.preventDefault(); setOver(key); }}
        onDragEnd={() => { setDragged(null); setOver(null); }}
        onDrop={(e) => {
          e.preventDefault();
          e.stopPropagation();
          if (dragged) change(move(settings, dragged, key));
        }}
      >
        <HolderOutlined className="k-faint" />
        <Checkbox checked={!settings.hidden.includes(key)} onChange={(e) => change(show(settings, key, e.target.checked))}>
          {titles.get(key)}
        </Checkbox>
      </div>
    ));
}

/** 列设置: tick, drag, back to the screen's own; widths are pulled at the header. Kept per person. */
export function ColumnPanel(props: Props) {
  const { modal } = App.useApp();
  const reset = () =>
    modal.confirm({
      title: '恢复默认列？',
      content: '列的显示、顺序和宽度都回到最初的样子。',
      okText: '恢复默认',
      cancelText: '不了',
      onOk: () => props.change(null),
    });
  const content = (
    <div className="k-columns">
      <Rows {...props} />
      <div className="k-row k-end"><Button type="link" size="small" onClick={reset}>恢复默认</Button></div>
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" title="列设置" content={content}>
      <Button type="text" icon={<SettingOutlined />} aria-label="列设置" title="列设置" />
    </Popover>
  );
}
