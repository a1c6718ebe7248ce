import { Alert, Button, Checkbox, Input, InputNumber, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useApi, usePlatforms } from '@api/queries';
import type { components } from '@api/schema';
import { DetailDrawer, Panel } from '@kit/index';
import { Ask, useCorrect } from './asks';
import { ColumnList, type Draft } from './column-list';
import { FirstRows } from './first-rows';
import { Words } from './status-words';
import type { Detail, KindInfo } from './types';

type Platform = components['schemas']['PlatformCardOut'];

/** A name worth remembering: the file's, without its dates and numbers. */
export function templateName(card: Detail): string {
  const plain = card.name.replace(/\.[^.]+$/, '').replace(/[\d_\-.:（）()]+/g, ' ').trim();
  return plain ? `${card.kind_label} · ${plain}`.slice(0, 40) : `${card.kind_label}表`;
}

function WhatIs({ card }: { card: Detail }) {
  const { correct, busy } = useCorrect(card.id);
  const kinds = useApi<KindInfo[]>('/api/import-kinds', undefined, { staleTime: Number.POSITIVE_INFINITY }).data ?? [];
  const platforms = usePlatforms() as Platform[];
  const [row, setRow] = useState<number | null>(card.header_row || null);
  useEffect(() => setRow(card.header_row || null), [card.header_row]);
  // The columns are asked below; here only what else the file needs.
  const plain = { ...card, asked: 0, kind: card.kind ?? '' };
  const asks = card.kind !== null && !card.ready && (card.state === 'password' || (card.needs_shop && !card.shop) || card.needs_supplier || (card.as_of_asked && !card.as_of));
  return (
    <div className="i-what-is">
      <label>类型
        <Select
          value={card.kind}
          placeholder="是什么表"
          disabled={busy}
          options={kinds.filter((k) => k.imported_here || k.key === card.kind).map((k) => ({ value: k.key, label: k.label }))}
          onChange={(kind: string) => void correct({ kind, header_row: row ?? 1 })}
        />
      </label>
      <label>平台
        <Select
          value={card.platform ?? ''}
          disabled={busy || !card.needs_shop}
          options={[{ value: '', label: '不是平台的文件' }, ...platforms.filter((p) => p.key !== 'generic').map((p) => ({ value: p.key, label: p.name }))]}
          onChange={(platform: string) => void correct({ platform })}
        />
      </label>
      <label>表头在第几行
        <InputNumber min={1} max={200} value={row} onChange={setRow} onPressEnter={() => row && void correct({ header_row: row })} onBlur={() => row && row !== card.header_row && void correct({ header_row: row })} style={{ width: '100%' }} />
      </label>
      {asks && <label>还要说明<div><Ask card={plain} onOpen={() => undefined} /></div></label>}
    </div>
  );
}

/** A file opened: its columns and what we take them for, doubtful first; below, its first rows as we understood them. */
export function ColumnsDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: card } = useApi<Detail>(`/api/imports/${id}`);
  const { correct, busy } = useCorrect(id);
  const [draft, setDraft] = useState<Draft>({});
  const [words, setWords] = useState<Record<string, string>>({});
  const [remember, setRemember] = useState(true);
  const [name, setName] = useState<string | null>(null);
  if (!card) return <DetailDrawer title="正在打开" loading onClose={onClose} width={980} />;
  const changed = Object.keys(draft).length + Object.keys(words).length > 0;
  const save = async () => {
    const asked = Object.fromEntries(card.columns.filter((c) => c.asked).map((c) => [c.index, c.field]));
    const said = { columns: { ...asked, ...draft }, words, ...(remember && { template_name: (name ?? templateName(card)).trim() }) };
    if (await correct(said)) {
      setDraft({});
      setWords({});
      onClose();
    }
  };
  const sure = card.asked > 0 || changed;
  return (
    <DetailDrawer
      title={card.label || card.name}
      sub={<span className="k-faint k-cut">{card.file}{card.why_not && <span className="k-amber">　{card.why_not}</span>}</span>}
      width={980}
      onClose={onClose}
      actions={sure && card.kind && (
        <div className="k-row">
          <Checkbox checked={remember} onChange={(e) => setRemember(e.target.checked)}>记住，下次不问</Checkbox>
          {remember && <Input style={{ width: 190 }} aria-label="模板名称" value={name ?? templateName(card)} maxLength={40} onChange={(e) => setName(e.target.value)} />}
          <Button type="primary" loading={busy} onClick={() => void save()}>{card.asked > 0 ? '确认这些列' : '保存修改'}</Button>
        </div>
      )}
    >
      <div className="k-stack">
        <WhatIs key={card.id} card={card} />
        {card.notes.map((note) => <Alert key={note} type="info" showIcon title={note} />)}
        {card.words.length > 0 && <Words card={card} said={words} say={(key, meaning) => setWords({ ...words, [key]: meaning })} />}
        {card.columns.length > 0 && card.kind && (
          <Panel title="文件里的列 → 我们的字段" flush>
            <ColumnList columns={card.columns} kind={card.kind} draft={draft} change={(index, field) => setDraft({ ...draft, [index]: field })} />
          </Panel>
        )}
        {card.first.rows.length > 0 && <Panel title="按现在的理解，前几行是这样的" flush><FirstRows first={card.first} /></Panel>}
        {card.problems.length > 0 && (
          <Panel title={`会被退回的行（${card.errors}）`}>
            <ul className="k-reasons">
              {card.problems.slice(0, 20).map((p, i) => <li key={i}><span className="k-amber">!</span><span>{p.reason}{p.value && `（“${p.value}”）`}。{p.fix}</span></li>)}
            </ul>
          </Panel>
        )}
      </div>
    </DetailDrawer>
  );
}
