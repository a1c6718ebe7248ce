import { Button, Drawer, Select } from 'antd';
import { useState } from 'react';
import { upload } from '@api/files';
import { post } from '@api/http';
import type { ActionAnswer } from '@api/shapes';
import type { components } from '@api/schema';
import { ActionButton, DropZone, useTellError } from '@kit/index';
import { SheetTable } from './sheet-table';

type Found = components['schemas']['SheetSample'];

interface Props {
  supplierId: string;
  name: string;
  version: number;
  learned: boolean;
  onClose: () => void;
}

/** Learn a supplier's sheet: drop one of theirs, see our columns land in it, correct, save. */
export function Sample({ supplierId, name, version, learned, onClose }: Props) {
  const [file, setFile] = useState<File | null>(null);
  const [found, setFound] = useState<Found | null>(null);
  const [told, setTold] = useState<Readonly<Record<string, string>>>({});
  const tell = useTellError();
  const path = `/api/sending/suppliers/${supplierId}/sample`;
  const read = async (sample: File, words: Readonly<Record<string, string>>) => {
    setFile(sample);
    setTold(words);
    try {
      setFound(await upload<Found>(path, [sample], { fields: { told: JSON.stringify(words) } }));
    } catch (error) {
      tell(error);
    }
  };
  const save = async (key: string) => {
    if (!file) return;
    await upload<Found>(path, [file], { fields: { told: JSON.stringify(told), save: 'true', version: String(version) }, key });
  };
  const options = [{ value: '', label: '留空 / 照抄' }, ...(found?.choices.map((c) => ({ value: c.value, label: c.label })) ?? [])];
  return (
    <Drawer
      open
      size="min(980px, 100vw)"
      title={`${name} 的表格`}
      onClose={onClose}
      extra={learned && <ActionButton label="改回我们的格式" run={(key) => post<ActionAnswer>(`${path}/forget`, {}, { key })} after={onClose} />}
      footer={found && (
        <div className="k-row k-end">
          <Button onClick={onClose}>不了</Button>
          <ActionButton look="primary" label="保存这个格式" done={`以后发给 ${name} 都用这个格式`} run={save} after={onClose} />
        </div>
      )}
    >
      <div className="k-stack">
        <DropZone small={found !== null} many={false} title="拖入一份对方平时用的发货表" hint="表头、列的顺序、标题行、日期写法都照它的来" accept=".xlsx,.xls,.csv" onFiles={(files) => files[0] && void read(files[0], {})} />
        {found?.notes.map((note) => <p key={note} className="k-amber">! {note}</p>)}
        {found && (
          <div className="s-columns">
            {found.columns.map((column) => (
              <div key={column.index} className={column.asked && !(column.index in told) ? 's-column s-asked' : 's-column'}>
                <b className="k-cut">{column.header || `第 ${column.index + 1} 列`}</b>
                <Select size="small" value={column.value} options={options} onChange={(value: string) => file && void read(file, { ...told, [column.index]: value })} />
                <span className="k-faint k-small">{column.why}</span>
              </div>
            ))}
          </div>
        )}
        {found && <SheetTable titles={found.titles} header={found.header} rows={found.rows} />}
      </div>
    </Drawer>
  );
}
