import { DownloadOutlined, DownOutlined, ImportOutlined } from '@ant-design/icons';
import { Button, Dropdown, Space } from 'antd';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { download, upload } from '@api/files';
import { refresh } from '@api/queries';
import type { components } from '@api/schema';
import { useTellError } from './act';
import { paths } from './paths';

export const ACCEPTED = '.xlsx,.xls,.xlsb,.ods,.csv,.tsv,.txt,.zip';

/** Send files to the import screen, one after the other, so that one bad file does not stop the rest. Returns what got in. */
export async function sendFiles(
  files: readonly File[],
  tell: (error: unknown) => void,
  options: { fields?: Record<string, string>; onProgress?: (share: number) => void } = {},
): Promise<string[]> {
  const sent: string[] = [];
  for (const [at, file] of files.entries()) {
    try {
      const got = await upload<components['schemas']['ImportsReceived']>('/api/imports', [file], {
        ...(options.fields && { fields: options.fields }),
        onProgress: (share) => options.onProgress?.((at + share) / files.length),
      });
      sent.push(...got.ids);
    } catch (error) {
      tell(error);
    }
  }
  await refresh('/api/imports', '/api/today');
  return sent;
}

export interface ImportButtonProps {
  label: string;
  /** The kind of file; the blank of this kind is offered beside. */
  kind: string;
  /** Whose price list it is. */
  supplier?: string;
  primary?: boolean;
}

/** Choose files of one kind and go on at the import screen; beside it the blank to fill in. */
export function ImportButton({ label, kind, supplier, primary = false }: ImportButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const go = useNavigate();
  const tell = useTellError();
  const send = async (files: File[]) => {
    setBusy(true);
    const sent = await sendFiles(files, tell, { fields: { kind, ...(supplier && { supplier }) } });
    setBusy(false);
    if (sent.length > 0) void go(paths.import);
  };
  return (
    <Space.Compact>
      <Button type={primary ? 'primary' : 'default'} icon={<ImportOutlined />} loading={busy} onClick={() => input.current?.click()}>{label}</Button>
      <Dropdown
        menu={{
          items: [{ key: 'blank', icon: <DownloadOutlined />, label: '下载空白模板' }],
          onClick: () => void download(`/api/import-blanks/${kind}`).catch(tell),
        }}
      >
        <Button type={primary ? 'primary' : 'default'} icon={<DownOutlined />} aria-label="下载空白模板" />
      </Dropdown>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={ACCEPTED}
        onChange={(e) => {
          const files = [...(e.target.files ?? [])];
          e.target.value = '';
          if (files.length > 0) void send(files);
        }}
      />
    </Space.Compact>
  );
}
