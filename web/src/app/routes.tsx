import { App } from 'antd';
import { createBrowserRouter, Navigate, Outlet, type RouteObject } from 'react-router';
import type { ScreenRoute } from '@kit/screen-route';
import { Broken, Missing } from './boundary';
import { Waiting } from './waiting';
import { DayFrame } from './layout/day-frame';
import { Shell } from './layout/shell';
import { Login } from './login';
import { screens } from './screens';
import { SignedIn } from './session';
import { Setup } from './setup/setup';

function asRoute(screen: ScreenRoute): RouteObject {
  const station = screen.station;
  return {
    path: screen.path,
    errorElement: <Broken />,
    HydrateFallback: Waiting,
    lazy: async () => {
      const { default: Screen } = await screen.load();
      return { Component: station ? () => <DayFrame here={station}><Screen /></DayFrame> : Screen };
    },
  };
}

/** Toasts and notices live inside the router, because they carry links. */
function Root() {
  return (
    <App component={false} message={{ maxCount: 3, top: 4 }} notification={{ placement: 'top', top: 48, maxCount: 3 }}>
      <Outlet />
    </App>
  );
}

const inside: RouteObject[] = [
  { path: '/', element: <Navigate to="/today" replace /> },
  ...screens.filter((s) => !s.bare).map(asRoute),
  { path: '*', element: <Missing /> },
];

export const router = createBrowserRouter([
  {
    element: <Root />,
    errorElement: <Broken />,
    children: [
      { path: '/login', element: <Login /> },
      { path: '/setup', element: <Setup /> },
      ...screens.filter((s) => s.bare).map(asRoute),
      { element: <SignedIn />, children: [{ element: <Shell />, children: inside }] },
    ],
  },
]);
