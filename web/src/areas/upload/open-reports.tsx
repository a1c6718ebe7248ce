import { Form, Input } from 'antd';
import { useState } from 'react';
import { post } from '@api/http';
import { useApi, useMay } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { ActionButton, Clock, Copyable, count, ExportButton, FormDrawer, Panel, PlatformBadge, StateTag, Time } from '@kit/index';
import { openWords } from './words';

type Report = components['schemas']['OpenReportOut'];
type Reports = components['schemas']['OpenReports'];
const MOST = 60;

function Row({ report, onRefuse }: { report: Report; onRefuse: () => void }) {
  const may = useMay('logistics.edit');
  const ids = [report.id];
  return (
    <div className="upload-report">
      <PlatformBadge platform={report.platform} shop={report.shop} />
      <Copyable text={report.order_no} />
      <span>{report.courier_name} {report.tracking_number}</span>
      <span className="k-small">
        <StateTag tone={report.state === 'refused' ? 'bad' : report.late ? 'warn' : 'doing'} label={report.state_label} />
        {report.told_at && <span className="k-faint"> <Time at={report.told_at} /></span>}
      </span>
      <span className="k-small k-amber">{report.refusal || report.note}</span>
      {report.due_by ? <Clock by={report.due_by} riskFen={report.risk_fen} /> : <span />}
      <span className="k-row">
        {may && report.state === 'refused' && <ActionButton look="link" label="重新上传" run={(key) => post('/api/upload/reports/again', { ids }, { key })} />}
        {may && report.state !== 'refused' && <ActionButton look="link" label="平台没通过" run={() => Promise.resolve(onRefuse())} />}
        {may && <ActionButton look="link" label="已核对" run={(key) => post('/api/upload/reports/confirm', { ids }, { key })} />}
      </span>
    </div>
  );
}

/** Told and not settled: late ones amber, refused ones red; the platform's reason is written down by hand. */
export function OpenReportsPanel({ hours }: { hours: number }) {
  const { data } = useApi<Reports>('/api/upload/reports', undefined, { every: 30_000 });
  const [refusing, setRefusing] = useState<Report | null>(null);
  const [all, setAll] = useState(false);
  const rows = data?.items ?? [];
  const pressing = rows.filter((r) => r.late || r.state === 'refused' || r.note !== '');
  const shown = all ? rows : pressing;
  if (rows.length === 0) return null;
  const title = pressing.length > 0 ? `要看一下 ${count(pressing.length)}：超过 ${hours} 小时没有确认，或平台没通过` : openWords(rows);
  return (
    <Panel title={title} extra={<span className="k-row"><ExportButton list="reports" label="导出" /><a onClick={() => setAll(!all)}>{all ? '只看要处理的' : `看全部 ${count(rows.length)}`}</a></span>}>
      {shown.slice(0, MOST).map((r) => <Row key={r.id} report={r} onRefuse={() => setRefusing(r)} />)}
      {shown.length > MOST && <span className="k-faint">还有 {count(shown.length - MOST)} 个，先处理上面的</span>}
      {refusing && (
        <FormDrawer<{ reason: string }>
          title={`${refusing.order_no} 平台没通过`}
          verb="记下"
          width={420}
          save={(values, key) => post<ActionAnswer>('/api/upload/reports/refuse', { ids: [refusing.id], reason: values.reason }, { key })}
          onClose={() => setRefusing(null)}
        >
          <Form.Item label="平台给出的失败原因" name="reason" rules={[{ required: true, message: '请填写原因' }]}>
            <Input autoFocus placeholder="例如：快递单号格式不正确" />
          </Form.Item>
        </FormDrawer>
      )}
    </Panel>
  );
}
