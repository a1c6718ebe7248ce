import { Alert, Button, Drawer, Form, Input, Radio, Select } from 'antd';
import { useEffect, useState } from 'react';
import { post } from '@api/http';
import { useApi } from '@api/queries';
import type { components } from '@api/schema';
import type { ActionAnswer } from '@api/shapes';
import { Clock, Copyable, Facts, FormDrawer, Money } from '@kit/index';

type Step = components['schemas']['AftersaleStep'];
type Case = components['schemas']['CaseOut'];
interface Values { direction: 'agree' | 'refuse'; words?: string; reason_code?: string; evidence_url?: string; return_address_id?: string }

function About({ one }: { one: Case }) {
  return (
    <Facts
      items={[
        { label: '售后单', value: <Copyable text={one.number} /> },
        { label: '平台状态', value: one.platform_state || '没有说' },
        { label: '买家要退', value: <Money fen={one.amount_fen} /> },
        { label: '要不要退货', value: one.needs_return === null ? '没有说' : one.needs_return ? '要退货' : '不退货' },
        { label: '原因', value: one.reason || '没有写' },
        { label: '平台时限', value: one.answer_by ? <Clock by={one.answer_by} from={one.applied_at ?? one.answer_by} /> : '没有说' },
      ]}
    />
  );
}

/** One case: what it says, then agree or refuse with what the platform wants for it. */
function CaseForm({ step, one, onClose }: { step: Step; one: Case; onClose: () => void }) {
  const reasons = one.reasons ?? [];
  return (
    <FormDrawer<Values>
      title={`${step.order_number} · 答复买家`}
      verb="告诉平台"
      initial={{ direction: 'agree', return_address_id: one.return_address_id }}
      save={(values, key) => post<ActionAnswer>(`/api/aftersale-cases/${one.id}/answer`, values, { key })}
      onClose={onClose}
    >
      {(form) => (
        <>
          <p>{step.text}</p>
          <About one={one} />
          <Form.Item name="direction" label="答复">
            <Radio.Group options={[{ value: 'agree', label: '同意' }, { value: 'refuse', label: '拒绝' }]} />
          </Form.Item>
          <Form.Item noStyle shouldUpdate>
            {() => {
              const refusing = form.getFieldValue('direction') === 'refuse';
              const chosen = reasons.find((r) => r.code === form.getFieldValue('reason_code'));
              if (!refusing) {
                return one.needs_return !== false && !one.return_tracking && (
                  <Form.Item name="return_address_id" label="退货地址编号" extra="平台后台“退货地址”里的编号，填过一次会记住" rules={[{ required: true, message: '请填写退货地址编号' }]}><Input /></Form.Item>
                );
              }
              return (
                <>
                  {reasons.length > 0 && (
                    <Form.Item name="reason_code" label="平台的拒绝原因" rules={[{ required: true, message: '请选择' }]}>
                      <Select options={reasons.map((r) => ({ value: r.code, label: r.evidence ? `${r.words}（要凭证）` : r.words }))} />
                    </Form.Item>
                  )}
                  {chosen?.evidence && (
                    <Form.Item name="evidence_url" label="凭证图片的网址" rules={[{ required: true, message: '这个原因要有凭证' }]}><Input placeholder="https://" /></Form.Item>
                  )}
                  {one.reasons === null && <Alert type="info" showIcon title="正在读取平台允许的拒绝原因" />}
                </>
              );
            }}
          </Form.Item>
          <Form.Item noStyle shouldUpdate>
            {() => {
              const refusing = form.getFieldValue('direction') === 'refuse';
              return (
                <Form.Item name="words" label={refusing ? '为什么拒绝' : '备注'} extra="买家会看到，不要写姓名电话" rules={[{ required: refusing, message: '请写明原因' }]}>
                  <Input.TextArea maxLength={200} rows={2} />
                </Form.Item>
              );
            }}
          </Form.Item>
        </>
      )}
    </FormDrawer>
  );
}

/** The open cases of an order: one is answered at once, of several one is chosen; where it cannot be, why. */
export function CaseAnswer({ step, onClose }: { step: Step; onClose: () => void }) {
  const { data } = useApi<Case[]>(`/api/aftersales/${step.id}/cases`, undefined, { every: (cases) => (cases?.some((c) => c.open || (c.reasons === null && !c.why_not)) ? 2000 : 0) });
  const [chosen, setChosen] = useState('');
  const first = data?.[0];
  const unread = data?.filter((c) => c.reasons === null && !c.why_not).map((c) => c.id).join(',') ?? '';
  useEffect(() => {
    for (const id of unread.split(',').filter(Boolean)) void post(`/api/aftersale-cases/${id}/look`, {});
  }, [unread]);
  const one = data?.find((c) => c.id === chosen) ?? (data?.length === 1 ? first : undefined);
  if (one && !one.open && !one.why_not) return <CaseForm step={step} one={one} onClose={onClose} />;
  return (
    <Drawer open title={`${step.order_number} · 答复买家`} onClose={onClose}>
      <p>{step.text}</p>
      {data?.length === 0 && <Alert type="info" showIcon title="没有读到售后单。请在平台后台处理，下次导入或读取后自动结束" />}
      {data?.map((c) => (
        <div key={c.id}>
          <About one={c} />
          {c.answered && <p>{c.answered}</p>}
          {c.why_not ? <Alert type="info" showIcon title={c.why_not} /> : !c.open && <Button onClick={() => setChosen(c.id)}>答复这一单</Button>}
        </div>
      ))}
    </Drawer>
  );
}
