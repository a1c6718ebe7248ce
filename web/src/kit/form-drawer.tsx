import { Alert, Button, Drawer, Form, type FormInstance } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { ApiError } from '@api/errors';
import type { ActionAnswer } from '@api/shapes';
import { useAct } from './act';

export interface FormDrawerProps<Values extends object> {
  title: string;
  /** A verb: 保存, 新增, 重发. */
  verb: string;
  initial?: Partial<Values>;
  /** Save; a refusal with ``data.fields`` is shown at its fields. */
  save: (values: Values, key: string) => Promise<ActionAnswer | void>;
  done?: string;
  refresh?: string[];
  width?: number;
  onClose: () => void;
  /** Form.Item elements; a function gets the form. */
  children: ReactNode | ((form: FormInstance<Values>) => ReactNode);
}

/** A form of more than three fields, at the right. Ctrl+S saves; nothing typed is lost by a refusal. */
export function FormDrawer<Values extends object>(props: FormDrawerProps<Values>) {
  const { title, verb, initial, save, done, refresh, width = 520, onClose, children } = props;
  const [form] = Form.useForm<Values>();
  const [refusal, setRefusal] = useState<string | null>(null);
  const { act, busy } = useAct();

  const submit = async () => {
    const values = await form.validateFields().catch(() => null);
    if (values === null) return;
    setRefusal(null);
    const run = (key: string) =>
      save(values as Values, key).catch((error: unknown) => {
        if (error instanceof ApiError && (error.status === 422 || error.status === 409)) {
          const fields = Object.entries(error.fields).map(([name, message]) => ({ name: name.split('.'), errors: [message] }));
          form.setFields(fields as Parameters<typeof form.setFields>[0]);
          setRefusal(error.message);
        }
        throw error;
      });
    const saved = await act(run, { ...(done && { done }), ...(refresh && { refresh }) });
    if (saved) onClose();
  };

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void submit();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });

  return (
    <Drawer
      open
      title={title}
      size={`min(${width}px, 100vw)`}
      onClose={onClose}
      rootClassName="k-drawer"
      footer={
        <div className="k-row k-end">
          <span className="k-faint">Ctrl+S 也能{verb}</span>
          <Button onClick={onClose}>不了</Button>
          <Button type="primary" loading={busy} onClick={() => void submit()}>{verb}</Button>
        </div>
      }
    >
      {refusal && <Alert type="warning" showIcon title={refusal} className="k-gap" />}
      <Form<Values> form={form} layout="vertical" requiredMark={false} {...(initial && { initialValues: initial })} onFinish={() => void submit()}>
        {typeof children === 'function' ? children(form) : children}
        <button type="submit" hidden />
      </Form>
    </Drawer>
  );
}
