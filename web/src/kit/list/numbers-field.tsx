import { Button, Input, Popover } from 'antd';
import { useState } from 'react';
import { MOST_NUMBERS, readNumbers } from './number-list';
import type { FilterField } from './types';

interface Props {
  field: Extract<FilterField, { kind: 'numbers' }>;
  value: string;
  change: (value: string, search: boolean) => void;
  search: () => void;
}

function PasteBox({ initial, take }: { initial: string; take: (numbers: string[]) => void }) {
  const [text, setText] = useState(initial.replaceAll(',', '\n'));
  const list = readNumbers(text);
  return (
    <div className="k-paste">
      <Input.TextArea
        autoFocus
        rows={8}
        value={text}
        placeholder={`一行一个，或用逗号、空格隔开；从表格里整列粘贴也行，最多 ${MOST_NUMBERS} 个`}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={(e) => e.key === 'Enter' && (e.ctrlKey || e.metaKey) && take(list.numbers)}
      />
      <div className="k-row">
        <span className={list.tooMany || list.spoiled.length > 0 ? 'k-amber' : 'k-faint'}>
          {list.tooMany
            ? `超过 ${MOST_NUMBERS} 个，只查前 ${MOST_NUMBERS} 个`
            : list.spoiled.length > 0
              ? `${list.spoiled[0]} 已被表格改坏，请从平台重新复制单号`
              : `${list.numbers.length} 个单号${list.repeated > 0 ? `，去掉重复 ${list.repeated} 个` : ''}`}
        </span>
        <Button onClick={() => setText('')}>清空</Button>
        <Button type="primary" onClick={() => take(list.numbers)}>查询</Button>
      </div>
    </div>
  );
}

/** Order numbers: type or paste; a paste of many lines becomes a list. */
export function NumbersField({ field, value, change, search }: Props) {
  const [open, setOpen] = useState(false);
  const many = value.split(',').filter(Boolean).length;
  return (
    <Input
      className="k-field"
      data-search
      prefix={<span className="k-faint">{field.label}</span>}
      placeholder={field.hint ?? '可粘贴多个'}
      allowClear
      value={many > 1 ? `共 ${many} 个单号` : value}
      readOnly={many > 1}
      onClick={() => many > 1 && setOpen(true)}
      onChange={(e) => change(e.target.value.trim(), e.target.value === '')}
      onPressEnter={search}
      onPaste={(e) => {
        const { numbers } = readNumbers(e.clipboardData.getData('text'));
        if (numbers.length < 2) return;
        e.preventDefault();
        change(numbers.join(','), true);
      }}
      suffix={
        <Popover
          open={open}
          onOpenChange={setOpen}
          trigger="click"
          placement="bottomLeft"
          destroyOnHidden
          content={<PasteBox initial={value} take={(numbers) => { setOpen(false); change(numbers.join(','), true); }} />}
        >
          <a className="k-small">批量</a>
        </Popover>
      }
    />
  );
}
