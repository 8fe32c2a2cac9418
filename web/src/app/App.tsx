import { useEffect, useState } from 'react';
import type { Caravan } from '../client/types';
import { LoginPage } from '../account/LoginPage';
import { RegisterPage } from '../account/RegisterPage';
import { CaravanContext, useLive } from './caravan';
import { useNotifications } from './notifications';
import { paths } from './paths';
import { navigate, useRoute } from './router';
import { Shell } from './Shell';

export function App({ caravan }: { caravan: Caravan }) {
  const me = useLive(caravan.me);
  const route = useRoute();
  const [expired, setExpired] = useState(false);
  useEffect(() => caravan.on('signedOut', (reason) => setExpired(reason === 'expired')), [caravan]);
  useNotifications(caravan);
  // Before this browser's store has been asked, nobody knows whether somebody is logged in: a form would only flash.
  const [ready, setReady] = useState(false);
  useEffect(() => void caravan.ready.then(() => setReady(true)), [caravan]);

  // Logged in, the account pages lead on to the chats. Any other address stays: it is where somebody wanted to go.
  const account = route.name === 'login' || route.name === 'register';
  useEffect(() => {
    if (me && account) navigate(paths.home, { replace: true });
    if (!me) document.title = 'Caravan';
  }, [me, account]);

  if (!me && !ready) return null;
  return (
    <CaravanContext value={caravan}>
      {me ? <Shell key={me.id} me={me} route={account ? { name: 'home' } : route} />
        : route.name === 'register' ? <RegisterPage /> : <LoginPage expired={expired} />}
    </CaravanContext>
  );
}
