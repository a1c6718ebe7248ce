import { createBrowserRouter, Navigate, type RouteObject } from 'react-router';
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

export const router = createBrowserRouter([
  { path: '/login', element: <Login />, errorElement: <Broken /> },
  ...screens.filter((s) => s.bare).map(asRoute),
  {
    element: <SignedIn />,
    errorElement: <Broken />,
    children: [
      { path: '/setup', element: <Setup /> },
      {
        element: <Shell />,
        children: [
          { path: '/', element: <Navigate to="/today" replace /> },
          ...screens.filter((s) => !s.bare).map(asRoute),
          { path: '*', element: <Missing /> },
        ],
      },
    ],
  },
]);
