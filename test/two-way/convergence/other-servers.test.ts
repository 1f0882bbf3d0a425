import { convergence } from './converge';

/** Servers that can do less or more, an OroCRM without an integration, a Zendesk that tells less: the same rules, fewer sequences. */
convergence('remote', 0.05, ', OroCRM 5.1, without keys', { orocrm: { version: '5.1' } });
convergence('remote', 0.05, ', OroCRM 7.0.0, without keys', { orocrm: { version: '7.0.0' } });
convergence('local', 0.05, ', with the overlay', { orocrm: { overlay: true } });
convergence('remote', 0.05, ', without an integration', { channel: false });
convergence('remote', 0.05, ', a Zendesk that doesn’t count internal comments and answers with the creation’s audit', { zendesk: { settings: { commentCount: 'public', creationAuditInUpdates: true } } });
