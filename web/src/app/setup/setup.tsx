import { Button, Steps } from 'antd';
import { lazy, Suspense, useMemo } from 'react';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { useMe } from '@api/queries';
import type { SetupStep } from '@kit/screen-route';
import { paths } from '@kit/paths';
import { Mark } from '../layout/mark';
import { setupSteps } from '../screens';
import { Waiting } from '../waiting';
import { CompanyStep } from './company';

const TITLES: Record<SetupStep['key'], { title: string; text: string }> = {
  shops: { title: '店铺', text: '加上您的店铺。没有平台接口也行，用平台导出的订单文件就能开始。' },
  suppliers: { title: '供应商', text: '加上给您发货的供应商，或者拖一份供应商表格进来。' },
  goods: { title: '商品', text: '拖一份商品或价格表进来；也可以先跳过，导入订单时再建。' },
};
const ORDER: readonly SetupStep['key'][] = ['shops', 'suppliers', 'goods'];

/** The first run: company, shops, suppliers, goods. Every step but the first may be left for later. */
export function Setup() {
  const [params, setParams] = useSearchParams();
  const go = useNavigate();
  const steps = useMemo(
    () => ORDER.flatMap((key) => setupSteps.filter((s) => s.key === key)).map((s) => ({ ...s, Screen: lazy(s.load) })),
    [],
  );
  const me = useMe();
  const wanted = me.data?.signed_in ? Number(params.get('step') ?? 0) || 0 : 0;
  const place = Math.min(Math.max(0, wanted), steps.length);
  const step = steps[place - 1];
  const finish = () => go(paths.import);
  const next = () => (place < steps.length ? setParams({ step: String(place + 1) }) : void finish());
  if (me.isPending) return <Waiting />;
  if (me.data?.signed_in === false && !me.data.first_run) return <Navigate to="/login?next=/setup" replace />;
  return (
    <main className="k-setup">
      <header><Mark size={26} /><h1>开始用代发</h1>{me.data?.signed_in && <Button type="text" onClick={() => void finish()}>以后再填，先进去</Button>}</header>
      <Steps
        size="small"
        current={place}
        {...(me.data?.signed_in && { onChange: (i: number) => setParams({ step: String(i) }) })}
        items={[{ title: '公司' }, ...steps.map((s) => ({ title: TITLES[s.key].title }))]}
      />
      <div className="k-panel k-setup-body">
        {step && <p className="k-setup-text">{TITLES[step.key].text}</p>}
        <Suspense fallback={<Waiting />}>{step ? <step.Screen next={next} /> : <CompanyStep next={next} />}</Suspense>
      </div>
    </main>
  );
}
