import { everyBoundary } from './stopped-world';

everyBoundary('OroCRM 6.1.11 with the overlay, four pairs at once', { orocrm: { version: '6.1.11', overlay: true } }, ['answer lost at']);
