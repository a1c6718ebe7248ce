import { Form, Input } from 'antd';
import { post } from '@api/http';
import type { ActionAnswer } from '@api/shapes';
import { FormDrawer } from '@kit/index';
import type { Deed } from './types';
import { kindWords } from './words';

interface Values {
  why?: string;
}

/** It was done at the other company, or it is not to be done; with why. */
export function AnswerForm({ deed, answer, onClose }: { deed: Deed; answer: 'done' | 'drop'; onClose: () => void }) {
  const done = answer === 'done';
  const save = (values: Values, key: string) => post<ActionAnswer>(`/api/outbox/${deed.id}/decide`, { answer, why: values.why ?? '' }, { key });
  return (
    <FormDrawer<Values>
      title={`${done ? '已在对方完成' : '不做了'}：${kindWords(deed.kind)} ${deed.reference}`}
      verb={done ? '记为已完成' : '不做了'}
      save={save}
      onClose={onClose}
    >
      <p className="k-faint k-gap">
        {done
          ? '在对方平台看到已经办好了。之后不会再执行一次。'
          : deed.kind === 'buy' ? '不向这个供应商下单了。订单回到待派单，可以换供应商或自己处理。' : '这件事不再执行，订单上会留下记录。'}
      </p>
      <Form.Item label="依据" name="why" rules={[{ required: true, whitespace: true, message: '请写明依据' }]}><Input.TextArea rows={3} maxLength={300} placeholder={done ? '例如：在对方后台看到已发货' : '例如：买家已取消'} autoFocus /></Form.Item>
    </FormDrawer>
  );
}
