import { Button } from 'antd';
import { download } from '@api/files';
import { post } from '@api/http';
import type { components } from '@api/schema';
import { ActionButton, CopyLinkButton, linkText, Panel, StateTag, Time, useCopyLink, useTellError } from '@kit/index';
import { unopened } from './words';

type Row = components['schemas']['SendingSent'];
type Resent = components['schemas']['SendingAgainDone'];

const CHANNEL: Readonly<Record<string, string>> = { sheet: '表格', link: '链接', text: '文本' };

function Answered({ row }: { row: Row }) {
  const left = row.lines - row.accepted - row.refused - row.shipped;
  return (
    <span className="k-row">
      {row.shipped > 0 && <StateTag tone="done" label={`已发货 ${row.shipped}`} />}
      {row.accepted > 0 && <StateTag tone="doing" label={`已接 ${row.accepted}`} />}
      {row.refused > 0 && <StateTag tone="bad" label={`拒 / 缺 ${row.refused}`} />}
      {left > 0 && <StateTag tone="doing" label={`待答复 ${left}`} />}
    </span>
  );
}

/** What went out in the last days: version, time, by whom, opened and answered, 重发. */
export function SentList({ rows }: { rows: readonly Row[] }) {
  const tell = useTellError();
  const copy = useCopyLink();
  return (
    <Panel title="近 7 天发出的" flush>
      <div className="s-sent">
        {rows.map((row) => (
          <div key={row.id} className="s-sent-row">
            <b className="k-cut">{row.supplier}</b>
            <span className="k-digits">{row.run}{row.version > 1 && ` 第 ${row.version} 版`} {row.resend && <span className="k-amber">重发</span>}</span>
            <span>{CHANNEL[row.channel]} · {row.purchases} 张 {row.lines} 行</span>
            <span><Time at={row.sent_at} /> {row.sent_by}</span>
            <span>{row.channel === 'link' && (row.opened_at ? <>打开于 <Time at={row.opened_at} /></> : <span className={unopened(row) === '还没打开' ? 'k-amber' : 'k-faint'}>{unopened(row)}</span>)}</span>
            <Answered row={row} />
            <span className="k-row k-end">
              {row.channel === 'link' ? <CopyLinkButton supplierId={row.supplier_id} /> : (
                <Button type="link" size="small" onClick={() => void download(`/api/sending/dispatches/${row.id}/file`).catch(tell)}>再下载</Button>
              )}
              <ActionButton
                look="link"
                label="重发"
                confirm={`会给 ${row.supplier} 生成新的一版，每一行都标【重发】。${row.channel === 'link' ? '只是想再拿一次链接，请用“复制链接”' : '只是想再拿一次文件，请用“再下载”'}。`}
                run={async (key) => {
                  const out = await post<Resent>(`/api/sending/dispatches/${row.id}/resend`, {}, { key });
                  if (out.sent.link) await copy(linkText(location.origin, [{ path: out.sent.link }]));
                  else await download(out.sent.path).catch(tell);
                  return out;
                }}
              />
            </span>
          </div>
        ))}
      </div>
    </Panel>
  );
}
