import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { createCaravan } from './client/index';
import './styles/index.css';

// Authentication and chat may live at two origins; the usual place of both is where this page came from.
const caravan = createCaravan({
  authUrl: import.meta.env.VITE_AUTH_URL ?? location.origin,
  chatUrl: import.meta.env.VITE_CHAT_URL ?? location.origin,
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App caravan={caravan} />
  </StrictMode>,
);
