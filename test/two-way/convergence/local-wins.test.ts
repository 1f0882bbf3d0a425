import { convergence } from './converge';

convergence('local');
