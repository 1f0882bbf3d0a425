/**
 * Loaded into n8n's process before n8n itself. When the launcher goes away without a word (killed, terminal closed), the channel to it
 * closes and n8n is asked to stop, so that no n8n is left behind.
 */
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
