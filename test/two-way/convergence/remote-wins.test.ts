import { convergence } from './converge';

convergence('remote');
