import { everyBoundary } from './stopped-world';

everyBoundary('stock OroCRM 6.1.11 with its integration, one pair after the other', { orocrm: { version: '6.1.11' }, sync: { parallel: 1 } }, ['killed after']);
