import './app/nonce';
import './kit/css/index.css';
import { createRoot } from 'react-dom/client';
import { Product } from './app/app';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<Product />);
